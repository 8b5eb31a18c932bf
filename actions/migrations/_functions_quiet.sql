-- Verbs of the public process that look an address up: they tell it nothing. docs/decisions/0028.
--
-- A process that somebody has broken into may call them in a transaction that it takes back, and look at what it can see
-- meanwhile. So one word is given for new and for repeated, the same rows are written and the same locks are held, what
-- is called is counted by a sequence that no transaction takes back (signing/alarms.py compares), and the salts stay here:
-- a caller sends a value that is the same for every petition.

drop function if exists actions_sign(bigint, uuid, bytea, integer, text, text, bytea, boolean, boolean, bigint, boolean,
    boolean, text, bytea, uuid);
drop function if exists actions_ask_link(bigint[], bytea[], uuid);
drop function if exists actions_confirm_code(bigint, bytea, bytea);

-- How often an address was looked up, whatever became of the transaction.
create sequence if not exists actions_looked_up;

-- Refuse to be explained: `explain (analyze, wal)` would tell what was written. Values come as bytes, so that the word can
-- stand in no value.
create or replace function actions_asked_plainly() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if current_query() ~* 'explain' then
        raise exception 'this is not explained' using errcode = 'insufficient_privilege';
    end if;
end $$;

-- Refuse what is no sealed box of padded content (signing/sealing.py): 48 bytes, and blocks of 256.
create or replace function actions_is_seal(p_sealed bytea) returns void
language plpgsql immutable set search_path = public, pg_temp as $$
begin
    if p_sealed is null or length(p_sealed) not between 48 + 256 and 48 + 64 * 256 or (length(p_sealed) - 48) % 256 <> 0 then
        raise exception 'this is not sealed' using errcode = 'data_exception';
    end if;
end $$;

-- The digest under which an address is kept in a petition: SHA-256 of the petition's salt and the value of the address.
create or replace function actions_digest(p_petition bigint, p_value bytea) returns bytea
language sql stable security definer set search_path = public, pg_temp as $$
    select sha256(digest_salt || p_value) from actions_petition where id = p_petition and length(p_value) = 32
$$;

-- One signature. Returns 'closed' or 'taken'.
--
-- The key-share lock waits for anybody who is changing the life of the petition (they lock for update), and only then
-- is the clock read: what was open before the wait is tested again after it. All of it is one statement of its caller,
-- and one transaction: signature, signer, count, source and mail, or nothing.
--
-- Who comes with one address at the same time waits for each other, whether it is there already or not. What a repeated
-- attempt writes is written and taken back, by the same statements: docs/decisions/0009.
create or replace function actions_sign(
    p_petition bigint, p_id uuid, p_value bytea, p_version integer, p_language text, p_country text,
    p_sealed bytea, p_contact_action boolean, p_contact_other boolean, p_consent_text bigint,
    p_show_name boolean, p_hand_over_name boolean, p_suspicion text, p_network bytea, p_mail uuid, p_source bytea
) returns text language plpgsql security definer
set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    form record;
    moment timestamptz;
    outcome text;
    p_slot smallint := floor(random() * 16);
    own bytea;
    is_new boolean;
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
    outcome := case when p_suspicion <> '' then 'held' when form.counting = 'confirmed' then 'awaiting' else 'counted' end;
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
            insert into actions_hold (signature_id, reason, network) values (p_id, p_suspicion, p_network);
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

-- The short code typed instead of the link. A wrong code and an address that never signed get the same answer after the
-- same writes: each try is a row of its own, and a link takes five of them.
create or replace function actions_confirm_code(p_petition bigint, p_value bytea, p_code_hash bytea) returns text
language plpgsql security definer set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    who uuid;
    own bytea;
begin
    perform actions_asked_plainly();
    perform from actions_petition where id = p_petition for key share;  -- before the other lock, as in actions_sign
    own := actions_digest(p_petition, p_value);
    if own is null then return 'wrong'; end if;
    perform pg_advisory_xact_lock(('x' || encode(substr(own, 1, 8), 'hex'))::bit(64)::bigint);
    insert into actions_codetry (digest, at) values (own, clock_timestamp());
    select l.signature_id into who
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
    where s.petition_id = p_petition and s.digest = own and l.code_hash = p_code_hash
        and (select count(*) from actions_codetry t where t.digest = own and t.at > l.created_at) <= 5
    limit 1;
    return case when found then actions_confirm_signature(who) else 'wrong' end;
end $$;

-- Ask for a link by mail. Nothing is looked up here: a worker does, for whom it is written down (signing/links.py).
create or replace function actions_ask_link(p_value bytea) returns void
language sql security definer set search_path = public, pg_temp as $$
    insert into actions_linkrequest (value) select p_value where length(p_value) = 32
$$;

-- Ask a process with keys for a correction or a copy. One of a kind waits at a time; a newer one takes its place.
create or replace function actions_ask(p_token bytea, p_id uuid, p_kind text, p_sealed bytea, p_copy_key bytea)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
begin
    if p_kind = 'correct' then perform actions_is_seal(p_sealed); end if;
    select l.signature_id into who from actions_signerlink l join actions_signer r on r.signature_id = l.signature_id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    delete from actions_signerrequest where signature_id = who and kind = p_kind;
    insert into actions_signerrequest (id, signature_id, kind, sealed, copy_key)
    values (p_id, who, p_kind, p_sealed, p_copy_key);
    return 'asked';
end $$;

-- The version of these words of consent; a new one where they were never used before. Version and fingerprint are worked
-- out here (signing/consents.py knows the same), so that nobody plants words that others are then said to have agreed to.
create or replace function actions_record_consent(p_language text, p_action text, p_other text) returns bigint
language plpgsql security definer set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    print text := encode(sha256(convert_to(p_language, 'UTF8') || '\x00'::bytea || convert_to(p_action, 'UTF8')
        || '\x00'::bytea || convert_to(p_other, 'UTF8')), 'hex');
    found_id bigint;
begin
    select id into found_id from actions_consenttext where fingerprint = print;
    if found then return found_id; end if;
    lock table actions_consenttext in share row exclusive mode;  -- versions are numbered one after the other
    insert into actions_consenttext (language, version, contact_action, contact_other, fingerprint)
    select p_language, coalesce(max(version), 0) + 1, p_action, p_other, print from actions_consenttext
    where language = p_language
    on conflict (fingerprint) do nothing;
    select id into found_id from actions_consenttext where fingerprint = print;
    return found_id;
end $$;

-- Whether an address lies in a network that many share for a while. The networks themselves the public role cannot read.
create or replace function actions_is_shared(p_address inet) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from actions_allowednetwork where p_address <<= network::inet and until > clock_timestamp())
$$;

-- The beginnings of the paths of pages that not everybody may see, for the policy of pages (database_roles).
create or replace function actions_restricted_paths() returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(p.path || '%'), '{}')
    from wagtailcore_pageviewrestriction r join wagtailcore_page p on p.id = r.page_id
$$;

revoke all on function actions_asked_plainly, actions_is_seal, actions_digest, actions_sign, actions_confirm_code,
    actions_ask_link, actions_record_consent, actions_is_shared, actions_restricted_paths from public;
revoke all on sequence actions_looked_up from public;
