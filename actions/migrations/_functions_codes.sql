-- What the owner of a mailbox says, and what anybody types who knows the address: docs/decisions/0040.
--
-- A signer is proved (`proved_at`) once somebody pressed a button behind a mailed link, or typed a mailed code. Until then
-- nothing that was ticked leaves the house, is written to or is shown.

-- Whether these can stand in a row of ours: the public process may send anything.
create or replace function actions_is_plain(p_language text, p_country text, p_suspicion text) returns boolean
language sql immutable set search_path = public, pg_temp as $$
    select p_language ~ '^[a-z]{2,3}(-[a-zA-Z0-9]{1,8})?$' and p_country ~ '^([A-Z]{2})?$'
        and p_suspicion in ('', 'network', 'trap', 'pace')
$$;

-- Whether an address has the place of its one signature free, and its owner has not said that nobody may sign with it.
create or replace function actions_may_sign(p_petition bigint, p_digest bytea) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select not exists (select from actions_signature where petition_id = p_petition and digest = p_digest)
        and not exists (select from actions_withdrawal where digest = p_digest and never)
$$;

-- Note that the mailbox has answered, and that it gave the consents that stand.
create or replace function actions_prove(p_signature uuid, p_at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update actions_signer set proved_at = p_at where signature_id = p_signature and proved_at is null;
    if found then
        insert into actions_consentrecord (signature_id, consent, given, consent_text_id, way, at, recorded_at)
        select p_signature, consent, true, consent_text_id, 'confirmed', p_at, p_at
        from (select distinct on (consent) * from actions_consentrecord where signature_id = p_signature
            order by consent, id desc) as last
        where last.given;
    end if;
end $$;

-- A consent that is given by a mailed link proves the mailbox, too; and whoever brings signatures in vouches for them.
create or replace function actions_prove_by_link() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update actions_signer set proved_at = new.at where signature_id = new.signature_id and proved_at is null;
    return null;
end $$;

create or replace trigger consent_by_link_proves after insert on actions_consentrecord for each row
    when (new.given and new.way = 'link') execute function actions_prove_by_link();

create or replace function actions_prove_imported() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    new.proved_at := clock_timestamp();
    return new;
end $$;

create or replace trigger imported_are_proved before insert on actions_signer for each row
    when (new.imported_in_id is not null) execute function actions_prove_imported();

-- What was ticked and waits for a word from the mailbox, for the page behind a mailed link.
create or replace function actions_link_ticks(p_token bytea) returns table (
    contact_action boolean, contact_other boolean, show_name boolean, consent_text_id bigint
) language sql stable security definer set search_path = public, pg_temp as $$
    select r.contact_action, r.contact_other, r.show_name, r.consent_text_id
    from actions_signerlink l join actions_signer r on r.signature_id = l.signature_id
    where l.hash = sha256(p_token) and r.proved_at is null
$$;

-- Ask from the mailbox that the first name be shown, in these words. Returns 'given', 'gone' (not shown there, or the
-- signature does not count) or 'unknown'.
create or replace function actions_show_name(p_token bytea, p_text bigint) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who record;
begin
    select s.id, s.petition_id, s.state, p.show_names into who
        from actions_signerlink l join actions_signature s on s.id = l.signature_id
        join actions_signer r on r.signature_id = s.id join actions_petition p on p.id = s.petition_id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    if who.state <> 'counted' or not who.show_names then return 'gone'; end if;
    if actions_change_consents(array[who.id], array['show_name'], true, 'link', null, p_text) > 0 then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id, purpose)
        values ('signer', 'consent', who.petition_id, who.id, 'show_name: given');
    end if;
    return 'given';
end $$;

-- It was not the owner of the mailbox: take the signature back (before the end the count goes down), and let nobody sign
-- this petition with the address. What stays is its digest, without id and time.
create or replace function actions_refuse(p_token bytea) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    theirs record;
    outcome text;
begin
    select s.petition_id, coalesce(s.claim, s.digest) as digest, p.forgotten_at into theirs
        from actions_signerlink l join actions_signature s on s.id = l.signature_id
        join actions_petition p on p.id = s.petition_id
        where l.hash = sha256(p_token) and s.state <> 'withdrawn';
    outcome := actions_leave(p_token, true);
    if theirs.digest is not null and theirs.forgotten_at is null then
        insert into actions_withdrawal (digest, petition_id, never) values (theirs.digest, theirs.petition_id, true)
        on conflict (digest) do update set never = true;
    end if;
    return outcome;
end $$;

-- Move signatures from any of the states in p_from to p_to, with every count that hangs on it. Returns how many moved.
-- The one place besides actions_sign where a count changes. An attempt of high-risk mode takes the place of its address
-- when it counts; where that is taken, or two of one address are moved at once, it stays.
create or replace function actions_move(p_ids uuid[], p_from text[], p_to text) returns integer
language sql security definer set search_path = public, pg_temp as $$
    with slot as (select floor(random() * 16)::smallint as n),
    old as (
        select id, state from actions_signature s where id = any(p_ids) and state = any(p_from)
            and (p_to <> 'counted' or claim is null or not exists (
                select from actions_signature o where o.petition_id = s.petition_id
                    and (o.digest = s.claim or (o.claim = s.claim and o.id > s.id and o.id = any(p_ids)
                        and o.state = any(p_from)))))
        order by id for update
    ), moved as (
        update actions_signature s set state = p_to,
            digest = case when p_to = 'counted' then coalesce(s.claim, s.digest) else s.digest end,
            claim = case when p_to not in ('counted', 'withdrawn') then s.claim end
        from old where s.id = old.id
        returning s.id, s.petition_id, s.language, date_trunc('hour', s.signed_at, 'UTC') as hour,
            (p_to = 'counted')::int - (old.state = 'counted')::int as delta,
            (p_to = 'invalidated' and old.state = 'counted')::int
                - (p_to = 'counted' and old.state = 'invalidated')::int as removed
    ), tally as (
        insert into actions_tally (petition_id, hour, language, slot, counted)
        select petition_id, hour, language, slot.n, sum(delta) from moved, slot group by 1, 2, 3, 4 having sum(delta) <> 0
        order by 1, 2, 3
        on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + excluded.counted
    ), total as (
        insert into actions_totalslot (petition_id, slot, counted, removed)
        select petition_id, slot.n, sum(delta), sum(removed) from moved, slot group by 1, 2
        having sum(delta) <> 0 or sum(removed) <> 0 order by 1
        on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted,
            removed = actions_totalslot.removed + excluded.removed
    ), name as (
        delete from actions_publicname p using moved where p.signature_id = moved.id and p_to <> 'counted'
    ), hold as (
        delete from actions_hold h using moved where h.signature_id = moved.id and p_to <> 'held'
    )
    select count(*)::integer from moved
$$;

-- Count a signature that waited for its confirmation. Only while the petition is open, by the clock after the lock. Who
-- holds the mailbox has then given the consents that the form was sent with; where the signature counted already
-- ('already'), that is all that changes.
create or replace function actions_confirm_signature(p_signature uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
    was text;
    theirs bytea;
    others uuid[];
    moment timestamptz;
begin
    select p.id, p.opens_at, p.ends_at, p.paused into form from actions_petition p
        where p.id = (select petition_id from actions_signature where id = p_signature) for key share;
    moment := clock_timestamp();
    select state, claim into was, theirs from actions_signature where id = p_signature for update;
    if was = 'counted' then
        perform actions_prove(p_signature, moment);
        return 'already';
    end if;
    if was is null or was not in ('awaiting', 'held') then return 'gone'; end if;
    if form.paused or exists (select from actions_signingrules where paused) then return 'paused'; end if;
    if form.opens_at is null or moment < form.opens_at or moment >= form.ends_at then return 'closed'; end if;
    if actions_move(array[p_signature], array['awaiting', 'held'], 'counted') = 0 then
        return 'already';  -- in high-risk mode: the address has signed meanwhile
    end if;
    perform actions_step(form.id, 'confirmed');
    perform actions_prove(p_signature, moment);
    -- Whoever else tried with the address has no code for anything any more.
    select array_agg(id) into others from actions_signature
        where petition_id = form.id and claim = theirs and state in ('awaiting', 'held');
    perform actions_move(others, array['awaiting', 'held'], 'withdrawn');
    perform actions_erase(id, true) from unnest(others) as id;
    delete from actions_signerlink where signature_id = any(others);
    update actions_signerlink set code_hash = null where signature_id = p_signature;
    update actions_outboxmail set gave_up_at = moment, gave_up_why = 'confirmed'
        where signature_id = p_signature and kind in ('confirm', 'reminder') and sent_at is null and gave_up_at is null;
    return 'confirmed';
end $$;

-- The attempt that a code was mailed for. Each has its own, which counts what was typed with it and nothing else. How often
-- somebody tries decides nothing: 30 signs in twelve places are more than can be tried (docs/decisions/0040).
create or replace function actions_by_code(p_petition bigint, p_digest bytea, p_code_hash bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select s.id from actions_signature s join actions_signerlink l on l.signature_id = s.id
    where s.petition_id = p_petition and (s.digest = p_digest or s.claim = p_digest) and l.code_hash = p_code_hash
    limit 1
$$;

-- Answer a try of a code that was written down before (actions_try_code): in another transaction, so that it stands there for
-- good by then and is counted, whatever a caller takes back. A wrong code and an address that never signed get the same.
create or replace function actions_confirm_code(p_petition bigint, p_try bigint) returns text
language plpgsql security definer set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    tried record;
    who uuid;
begin
    perform actions_asked_plainly();
    select digest, code_hash, transaction into tried from actions_codetry where id = p_try;
    if not found then return 'wrong'; end if;
    if tried.transaction = pg_current_xact_id()::text::bigint then
        raise exception 'a try is kept before it is answered' using errcode = 'invalid_transaction_state';
    end if;
    perform from actions_petition where id = p_petition for key share;  -- before the other lock, as in actions_sign_as_told
    perform pg_advisory_xact_lock(('x' || encode(substr(tried.digest, 1, 8), 'hex'))::bit(64)::bigint);
    who := actions_by_code(p_petition, tried.digest, tried.code_hash);
    return case when who is null then 'wrong' else actions_confirm_signature(who) end;
end $$;

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
create or replace function actions_sign_as_told(
    p_petition bigint, p_id uuid, p_value bytea, p_version integer, p_language text, p_country text,
    p_sealed bytea, p_contact_action boolean, p_contact_other boolean, p_consent_text bigint,
    p_show_name boolean, p_notice bigint, p_suspicion text, p_network bytea, p_mail uuid, p_source bytea,
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
    told bigint;
begin
    perform actions_asked_plainly();
    perform actions_is_seal(p_sealed);
    -- What would be refused at one place for new and at another for repeated, or only once the transaction ends, is
    -- refused here for both: which of the two it was could be told by it.
    if p_petition is null or p_id is null or p_value is null or p_version is null or p_language is null
        or p_country is null or p_contact_action is null or p_contact_other is null or p_show_name is null
        or p_suspicion is null or p_mail is null or p_source is null
        or length(p_value) <> 32 or not actions_is_plain(p_language, p_country, p_suspicion)
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
    told := (select id from actions_handovernotice where id = p_notice and petition_id = p_petition);
    perform nextval('actions_looked_up');
    if suspicion = 'network' and exists (
        select from actions_allowednetwork where p_address <<= network::inet and until > moment
    ) then
        suspicion := '';
    end if;
    outcome := case when suspicion <> '' then 'held' when form.counting = 'confirmed' then 'awaiting' else 'counted' end;
    own := actions_digest(p_petition, p_value);
    perform pg_advisory_xact_lock(('x' || encode(substr(own, 1, 8), 'hex'))::bit(64)::bigint);
    is_new := actions_may_sign(p_petition, own);
    perform set_config('actions.consent_way', 'form', true);  -- whatever the caller has said

    begin
        -- In high-risk mode attempts wait side by side, each with a code of its own, and none has the place of the address
        -- before its code was typed: docs/decisions/0040.
        insert into actions_signature
            (id, petition_id, digest, claim, canonical_version, state, language, country, signed_at)
        values (p_id, p_petition,
            case when is_new and not form.high_risk then own else sha256(own || p_id::text::bytea) end,
            case when form.high_risk then own end, p_version, outcome, p_language, p_country, moment);
        insert into actions_signer
            (signature_id, sealed, contact_action, contact_other, consent_text_id, show_name, hand_over_name,
            hand_over_notice_id)
        values (p_id, p_sealed, p_contact_action, p_contact_other, p_consent_text, p_show_name, told is not null, told);
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

    -- Whoever signed first in another's name must not decide that the name is handed over, nor as what was told then.
    update actions_signer r set hand_over_name = r.hand_over_name and r.hand_over_notice_id is not distinct from told
    from actions_signature s
    where s.petition_id = p_petition and s.digest = own and r.signature_id = s.id and s.state in ('awaiting', 'held')
        and s.id <> p_id;
    -- Whose name it is that was typed first nobody knows once somebody else comes with the address: it is then shown only
    -- if it is asked for anew, from the mailbox.
    update actions_signer r set show_name = false from actions_signature s
    where s.petition_id = p_petition and s.digest = own and s.id <> p_id and r.signature_id = s.id and r.show_name
        and r.proved_at is null;
    -- The last to draw a number from a sequence, for new and for repeated: `lastval` names whose that was.
    insert into actions_totalslot (petition_id, slot, counted, repeats, looked_up)
    values (p_petition, p_slot, (is_new and outcome = 'counted')::int, (not is_new)::int, 1)
    on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted,
        repeats = actions_totalslot.repeats + excluded.repeats,
        looked_up = actions_totalslot.looked_up + excluded.looked_up;
    -- Who waits for a confirmation and comes again a day later has lost the mail: it goes out once more. (In high-risk
    -- mode each attempt has a mail.)
    update actions_outboxmail m set sent_at = null, gave_up_at = null, gave_up_why = '', attempts = 0, created_at = moment,
        due_at = moment
    from actions_signature s join actions_signer r on r.signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state in ('awaiting', 'held') and m.signature_id = s.id
        and m.kind = 'confirm' and m.sent_at < moment - interval '24 hours';
    -- Who came again and ticked that we may write: the mailbox is asked, nobody else is told. A wish is written down as
    -- often as it is made; it calls for a mail of its own once ever.
    with wish as (
        insert into actions_consentwish as w (signature_id, contact_action, contact_other, consent_text_id)
        select s.id, p_contact_action and not r.contact_action, p_contact_other and not r.contact_other, p_consent_text
        from actions_signature s join actions_signer r on r.signature_id = s.id
        where s.petition_id = p_petition and s.digest = own and s.id <> p_id
            and s.state in ('counted', 'awaiting', 'held') and not form.high_risk and p_consent_text is not null
            and ((p_contact_action and not r.contact_action) or (p_contact_other and not r.contact_other))
        on conflict (signature_id) do update set contact_action = excluded.contact_action,
            contact_other = excluded.contact_other, consent_text_id = excluded.consent_text_id
        returning w.signature_id, xmax = 0 as is_first
    )
    update actions_outboxmail m set sent_at = null, gave_up_at = null, gave_up_why = '', attempts = 0, created_at = moment,
        due_at = greatest(moment, m.sent_at + interval '24 hours')
    from wish where wish.is_first and m.signature_id = wish.signature_id and m.kind = 'again' and m.sent_at is not null;
    -- The mailbox of one that came again learns of it, once ever, and not on the day it got its receipt.
    insert into actions_outboxmail (id, signature_id, kind, due_at)
    select gen_random_uuid(), s.id, 'again', greatest(moment, s.signed_at + interval '24 hours')
    from actions_signature s join actions_signer r on r.signature_id = s.id
        left join actions_consentwish w on w.signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state = 'counted' and not form.high_risk
        and (s.signed_at < moment - interval '24 hours' or w.contact_action or w.contact_other)
    on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
    perform set_config('actions.consent_way', '', true);
    return 'taken';
end $$;

revoke all on function actions_is_plain, actions_may_sign, actions_prove, actions_prove_by_link, actions_prove_imported,
    actions_link_ticks, actions_show_name, actions_refuse, actions_move, actions_by_code, actions_confirm_code,
    actions_confirm_signature, actions_sign_as_told from public;
