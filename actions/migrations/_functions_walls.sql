-- Verbs of the public process that tell it no more than they must, even in transactions it takes back: docs/decisions/0034.

drop function if exists actions_sign(bigint, uuid, bytea, integer, text, text, bytea, boolean, boolean, bigint, boolean,
    boolean, text, bytea, uuid, bytea);
drop function if exists actions_confirm_code(bigint, bytea, bytea);
drop function if exists actions_is_shared(inet);

-- One signature. Returns 'closed' or 'taken'.
--
-- The key-share lock waits for anybody who is changing the life of the petition (they lock for update), and only then
-- is the clock read: what was open before the wait is tested again after it. All of it is one statement of its caller,
-- and one transaction: signature, signer, count, source and mail, or nothing.
--
-- Who comes with one address at the same time waits for each other, whether it is there already or not. What a repeated
-- attempt writes is written and taken back, by the same statements: docs/decisions/0009.
--
-- Whether a network has no limit because many share it is decided here, where no answer tells of it: the caller says that
-- it is full ('network') and what address somebody came from, which is kept nowhere.
create or replace function actions_sign(
    p_petition bigint, p_id uuid, p_value bytea, p_version integer, p_language text, p_country text,
    p_sealed bytea, p_contact_action boolean, p_contact_other boolean, p_consent_text bigint,
    p_show_name boolean, p_hand_over_name boolean, p_suspicion text, p_network bytea, p_mail uuid, p_source bytea,
    p_address inet default null
) returns text language plpgsql security definer
set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    form record;
    moment timestamptz;
    outcome text;
    p_slot smallint := floor(random() * 16);
    own bytea;
    is_new boolean;
    suspicion text := p_suspicion;
begin
    perform actions_asked_plainly();
    perform actions_is_seal(p_sealed);
    -- What would be refused at one place for new and at another for repeated, or only once the transaction ends, is
    -- refused here for both: which of the two it was could be told by it.
    if p_petition is null or p_id is null or p_value is null or p_version is null or p_language is null
        or p_country is null or p_contact_action is null or p_contact_other is null or p_show_name is null
        or p_hand_over_name is null or p_suspicion is null or p_mail is null or p_source is null
        or length(p_value) <> 32
        or (p_consent_text is not null and not exists (select from actions_consenttext where id = p_consent_text))
    then
        raise exception 'an argument is missing or wrong' using errcode = 'data_exception';
    end if;
    select opens_at, ends_at, paused, counting, high_risk, forgotten_at into form
        from actions_petition where id = p_petition for key share;
    moment := clock_timestamp();
    if not found or form.opens_at is null or moment < form.opens_at or moment >= form.ends_at or form.paused
        or form.forgotten_at is not null or exists (select from actions_signingrules where paused)
    then
        return 'closed';
    end if;
    perform nextval('actions_looked_up');
    if suspicion = 'network' and exists (
        select from actions_allowednetwork where p_address <<= network::inet and until > moment
    ) then
        suspicion := '';
    end if;
    outcome := case when suspicion <> '' then 'held' when form.counting = 'confirmed' then 'awaiting' else 'counted' end;
    own := actions_digest(p_petition, p_value);
    perform pg_advisory_xact_lock(('x' || encode(substr(own, 1, 8), 'hex'))::bit(64)::bigint);
    is_new := not exists (select from actions_signature where petition_id = p_petition and digest = own);

    begin
        insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
        values (p_id, p_petition, case when is_new then own else sha256(own || p_id::text::bytea) end, p_version, outcome,
            p_language, p_country, moment);
        insert into actions_signer
            (signature_id, sealed, contact_action, contact_other, consent_text_id, show_name, hand_over_name)
        values (p_id, p_sealed, p_contact_action, p_contact_other, p_consent_text, p_show_name, p_hand_over_name);
        if outcome = 'counted' then
            insert into actions_tally (petition_id, hour, language, slot, counted)
            values (p_petition, date_trunc('hour', moment, 'UTC'), p_language, p_slot, 1)
            on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + 1;
        elsif outcome = 'held' then
            insert into actions_hold (signature_id, reason, network) values (p_id, suspicion, p_network);
        end if;
        -- In high-risk mode the mail holds a code and no word about the action: docs/decisions/0027.
        insert into actions_outboxmail (id, signature_id, kind) values (p_mail, p_id,
            case when form.high_risk then 'code' when outcome = 'counted' then 'receipt' else 'confirm' end);
        if length(p_source) > 0 then
            perform actions_count_source(p_petition, convert_from(p_source, 'UTF8'), 1);
        end if;
        if not is_new then
            raise exception using errcode = 'TB001';
        end if;
    exception
        when sqlstate 'TB001' then
            null;
        when unique_violation then  -- imported in this moment; or an id is used twice, to see whether it can be
            is_new := false;
    end;

    insert into actions_totalslot (petition_id, slot, counted, repeats, looked_up)
    values (p_petition, p_slot, (is_new and outcome = 'counted')::int, (not is_new)::int, 1)
    on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted,
        repeats = actions_totalslot.repeats + excluded.repeats,
        looked_up = actions_totalslot.looked_up + excluded.looked_up;
    -- Whoever signed first in another's name must not decide that the name is handed over.
    update actions_signer r set hand_over_name = r.hand_over_name and p_hand_over_name from actions_signature s
    where s.petition_id = p_petition and s.digest = own and r.signature_id = s.id and s.state in ('awaiting', 'held')
        and s.id <> p_id and form.high_risk;
    -- Who waits for a confirmation and comes again a day later has lost the mail: it goes out once more. (A code that
    -- nobody types is gone by then, and its signature with it.)
    update actions_outboxmail m set sent_at = null, gave_up_at = null, gave_up_why = '', attempts = 0, created_at = moment,
        due_at = moment
    from actions_signature s join actions_signer r on r.signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state in ('awaiting', 'held') and m.signature_id = s.id
        and m.kind = 'confirm' and m.sent_at < moment - interval '24 hours';
    -- The mailbox of one that came again learns of it, once ever, and not on the day it got its receipt.
    insert into actions_outboxmail (id, signature_id, kind)
    select gen_random_uuid(), s.id, 'again' from actions_signature s join actions_signer on signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state = 'counted' and not form.high_risk
        and s.signed_at < moment - interval '24 hours'
    on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
    return 'taken';
end $$;

-- The short code typed instead of the link, in two steps. First the try is written down, for an address that has signed as
-- for one that has not; its number is returned, or nothing where there is no such petition.
create or replace function actions_try_code(p_petition bigint, p_value bytea, p_code_hash bytea) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    own bytea;
    written bigint;
begin
    perform actions_asked_plainly();
    own := actions_digest(p_petition, p_value);
    if own is null or length(p_code_hash) is distinct from 32 then return null; end if;
    insert into actions_codetry (digest, code_hash, at, transaction)
    values (own, p_code_hash, clock_timestamp(), pg_current_xact_id()::text::bigint)
    returning id into written;
    return written;
end $$;

-- Then it is answered, and only in another transaction: what stands here by then is there for good, so that five tries are
-- all that a link ever takes, whoever asks and whatever he takes back. A wrong code and an address that never signed get
-- the same answer. A try from before the link does not count for it, and cannot open it.
create or replace function actions_confirm_code(p_petition bigint, p_try bigint) returns text
language plpgsql security definer set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    tried record;
    who uuid;
begin
    perform actions_asked_plainly();
    select digest, code_hash, at, transaction into tried from actions_codetry where id = p_try;
    if not found then return 'wrong'; end if;
    if tried.transaction = pg_current_xact_id()::text::bigint then
        raise exception 'a try is kept before it is answered' using errcode = 'invalid_transaction_state';
    end if;
    perform from actions_petition where id = p_petition for key share;  -- before the other lock, as in actions_sign
    perform pg_advisory_xact_lock(('x' || encode(substr(tried.digest, 1, 8), 'hex'))::bit(64)::bigint);
    select l.signature_id into who
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
    where s.petition_id = p_petition and s.digest = tried.digest and l.code_hash = tried.code_hash
        and tried.at > l.created_at
        and (select count(*) from actions_codetry t where t.digest = tried.digest and t.at > l.created_at) <= 5
    limit 1;
    return case when found then actions_confirm_signature(who) else 'wrong' end;
end $$;

-- The beginnings of the paths of collections that not everybody may see, for the policy of collections (database_roles).
create or replace function actions_restricted_collections() returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(c.path || '%'), '{}')
    from wagtailcore_collectionviewrestriction r join wagtailcore_collection c on c.id = r.collection_id
$$;

revoke all on function actions_sign, actions_try_code, actions_confirm_code, actions_restricted_collections from public;
