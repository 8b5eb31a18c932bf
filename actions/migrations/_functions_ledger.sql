-- The ledger of consents: nothing changes one without a row that says when, by what way and in which words.
-- docs/decisions/0036.
--
-- `actions.consent_way` says by what way, for the statements of one verb: 'link', or 'restore@2026-11-05T12:00:00Z' for
-- what happened before. What changes flags otherwise is staff, or a command. (Not as a setting of the functions
-- themselves: only a superuser may give a function a setting that PostgreSQL does not know.)

create or replace function actions_note_consents() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told text := coalesce(current_setting('actions.consent_way', true), '');
    how text := split_part(told, '@', 1);
    moment timestamptz := coalesce(nullif(split_part(told, '@', 2), '')::timestamptz, clock_timestamp());
begin
    if how = '' then
        how := case when coalesce(current_setting('actions.by', true), '') in ('', '0') then 'command' else 'staff' end;
    end if;
    if how = 'import' and told = 'import' then  -- given when it was signed
        select signed_at into moment from actions_signature where id = new.signature_id;
    end if;
    insert into actions_consentrecord (signature_id, consent, given, consent_text_id, way, at, recorded_at)
    select new.signature_id, consent, now_given, case when now_given then new.consent_text_id end, how, moment,
        clock_timestamp()
    from (values
        ('contact_action', tg_op = 'UPDATE' and old.contact_action, new.contact_action),
        ('contact_other', tg_op = 'UPDATE' and old.contact_other, new.contact_other),
        ('show_name', tg_op = 'UPDATE' and old.show_name, new.show_name),
        -- Not asked for, it is no consent.
        ('hand_over_name', case when tg_op = 'UPDATE' then old.hand_over_name else not exists (
            select from actions_consenttext where id = new.consent_text_id and hand_over_name <> '') end,
            new.hand_over_name)
    ) as change (consent, was_given, now_given)
    where was_given <> now_given and (tg_op = 'UPDATE' or now_given);
    return null;
end $$;

create or replace trigger note_first_consents after insert on actions_signer for each row
    when (new.contact_action or new.contact_other or new.show_name
        or (new.hand_over_name and new.consent_text_id is not null))
    execute function actions_note_consents();
create or replace trigger note_consents after update on actions_signer for each row
    when ((old.contact_action, old.contact_other, old.show_name, old.hand_over_name)
        is distinct from (new.contact_action, new.contact_other, new.show_name, new.hand_over_name))
    execute function actions_note_consents();

-- The rows go with the person, in whatever way that is forgotten.
create or replace function actions_forget_consents() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from actions_consentrecord where signature_id in (select signature_id from forgotten);
    delete from actions_consentwish where signature_id in (select signature_id from forgotten);
    return null;
end $$;

create or replace trigger forget_consents after delete on actions_signer
    referencing old table as forgotten for each statement execute function actions_forget_consents();

create or replace function actions_ledger_only_grows() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE' and not exists (select from actions_signer where signature_id = old.signature_id) then
        return old;
    end if;
    raise exception 'the ledger of consents is append-only';
end $$;

create or replace trigger ledger_only_grows before update or delete on actions_consentrecord
    for each row execute function actions_ledger_only_grows();

-- Give or end consents of signers; returns how many signers that changed. A name that is no longer to be shown is off the
-- page at once. Where signing itself is dangerous nobody is written to, whoever wishes it.
create or replace function actions_change_consents(
    p_signatures uuid[], p_consents text[], p_given boolean, p_way text, p_at timestamptz, p_text bigint
) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    changed integer;
begin
    perform set_config('actions.consent_way',
        p_way || coalesce('@' || to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ''), true);
    update actions_signer r set
        contact_action = case when 'contact_action' = any(p_consents) then p_given else r.contact_action end,
        contact_other = case when 'contact_other' = any(p_consents) then p_given else r.contact_other end,
        show_name = case when 'show_name' = any(p_consents) then p_given else r.show_name end,
        hand_over_name = case when 'hand_over_name' = any(p_consents) then p_given else r.hand_over_name end,
        consent_text_id = case when p_given then coalesce(p_text, r.consent_text_id) else r.consent_text_id end
    from actions_signature s join actions_petition p on p.id = s.petition_id
    where r.signature_id = any(p_signatures) and s.id = r.signature_id
        and not (p_given and p.high_risk and p_consents && array['contact_action', 'contact_other'])
        and (('contact_action' = any(p_consents) and r.contact_action <> p_given)
            or ('contact_other' = any(p_consents) and r.contact_other <> p_given)
            or ('show_name' = any(p_consents) and r.show_name <> p_given)
            or ('hand_over_name' = any(p_consents) and r.hand_over_name <> p_given));
    get diagnostics changed = row_count;
    perform set_config('actions.consent_way', '', true);
    if 'show_name' = any(p_consents) and not p_given then
        delete from actions_publicname where signature_id = any(p_signatures);
    end if;
    return changed;
end $$;

-- End consents by a mailed link (p_way 'link'), or by the mail program's own button ('one_click').
create or replace function actions_end_consents(p_token bytea, p_consents text[], p_way text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who record;
begin
    if p_way not in ('link', 'one_click') or p_consents is null
        or not p_consents <@ array['contact_action', 'contact_other', 'show_name']
    then
        raise exception 'an argument is missing or wrong' using errcode = 'data_exception';
    end if;
    select s.id, s.petition_id into who from actions_signerlink l join actions_signature s on s.id = l.signature_id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    if actions_change_consents(array[who.id], p_consents, false, p_way, null, null) > 0 then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id, purpose)
        values ('signer', 'consent', who.petition_id, who.id, array_to_string(p_consents, ', ') || ': ' || p_way);
    end if;
    update actions_consentwish set contact_action = contact_action and not 'contact_action' = any(p_consents),
        contact_other = contact_other and not 'contact_other' = any(p_consents)
    where signature_id = who.id;
    return 'ended';
end $$;

-- As the version before this one calls them.
create or replace function actions_end_contact(p_token bytea) returns text
language sql security definer set search_path = public, pg_temp as $$
    select actions_end_consents(p_token, array['contact_action', 'contact_other'], 'link')
$$;
create or replace function actions_hide_name(p_token bytea) returns text
language sql security definer set search_path = public, pg_temp as $$
    select case actions_end_consents(p_token, array['show_name'], 'link') when 'ended' then 'hidden' else 'unknown' end
$$;

-- What was wished by signing again, for the page behind a mailed link.
create or replace function actions_link_wish(p_token bytea) returns table (
    contact_action boolean, contact_other boolean, consent_text_id bigint
) language sql stable security definer set search_path = public, pg_temp as $$
    select w.contact_action and not r.contact_action, w.contact_other and not r.contact_other, w.consent_text_id
    from actions_signerlink l join actions_consentwish w on w.signature_id = l.signature_id
        join actions_signer r on r.signature_id = l.signature_id
    where l.hash = sha256(p_token)
$$;

-- Say yes to one wish, in the words that were shown, or no to all (p_consent ''). Returns 'given', 'refused', 'gone' (other
-- words meanwhile, or nothing wished) or 'unknown'.
create or replace function actions_answer_wish(p_token bytea, p_consent text, p_text bigint) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who record;
begin
    select s.id, s.petition_id into who from actions_signerlink l join actions_signature s on s.id = l.signature_id
        join actions_signer r on r.signature_id = s.id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    if p_consent = '' then
        update actions_consentwish set contact_action = false, contact_other = false where signature_id = who.id;
        return 'refused';
    end if;
    update actions_consentwish w set contact_action = w.contact_action and p_consent <> 'contact_action',
        contact_other = w.contact_other and p_consent <> 'contact_other'
    where signature_id = who.id and consent_text_id = p_text and ((p_consent = 'contact_action' and w.contact_action)
        or (p_consent = 'contact_other' and w.contact_other));
    if not found then return 'gone'; end if;
    if actions_change_consents(array[who.id], array[p_consent], true, 'link', null, p_text) > 0 then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id, purpose)
        values ('signer', 'consent', who.petition_id, who.id, p_consent || ': given');
    end if;
    return 'given';
end $$;

-- The version of these words of consent; a new one where they were never used before. Version and fingerprint are worked
-- out here (signing/consents.py knows the same), so that nobody plants words that others are then said to have agreed to.
create or replace function actions_record_words(
    p_language text, p_action text, p_other text, p_show_name text, p_hand_over_name text
) returns bigint language plpgsql security definer set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    print text := encode(sha256(convert_to(p_language, 'UTF8') || '\x00'::bytea || convert_to(p_action, 'UTF8')
        || '\x00'::bytea || convert_to(p_other, 'UTF8')
        || case when p_show_name = '' and p_hand_over_name = '' then ''::bytea else '\x00'::bytea
            || convert_to(p_show_name, 'UTF8') || '\x00'::bytea || convert_to(p_hand_over_name, 'UTF8') end), 'hex');
    found_id bigint;
begin
    select id into found_id from actions_consenttext where fingerprint = print;
    if found then return found_id; end if;
    lock table actions_consenttext in share row exclusive mode;  -- versions are numbered one after the other
    insert into actions_consenttext
        (language, version, contact_action, contact_other, show_name, hand_over_name, fingerprint)
    select p_language, coalesce(max(version), 0) + 1, p_action, p_other, p_show_name, p_hand_over_name, print
    from actions_consenttext where language = p_language
    on conflict (fingerprint) do nothing;
    select id into found_id from actions_consenttext where fingerprint = print;
    return found_id;
end $$;

-- As the version before this one calls it.
create or replace function actions_record_consent(p_language text, p_action text, p_other text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    select actions_record_words(p_language, p_action, p_other, '', '')
$$;

-- Count a signature that waited for its confirmation. Only while the petition is open, by the clock after the lock. Who
-- holds the mailbox has then given the consents that the form was sent with.
create or replace function actions_confirm_signature(p_signature uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
    was text;
    moment timestamptz;
begin
    select p.id, p.opens_at, p.ends_at, p.paused into form from actions_petition p
        where p.id = (select petition_id from actions_signature where id = p_signature) for key share;
    moment := clock_timestamp();
    select state into was from actions_signature where id = p_signature for update;
    if was = 'counted' then return 'already'; end if;
    if was is null or was not in ('awaiting', 'held') then return 'gone'; end if;
    if form.paused or exists (select from actions_signingrules where paused) then return 'paused'; end if;
    if form.opens_at is null or moment < form.opens_at or moment >= form.ends_at then return 'closed'; end if;
    perform actions_move(array[p_signature], array['awaiting', 'held'], 'counted');
    perform actions_step(form.id, 'confirmed');
    insert into actions_consentrecord (signature_id, consent, given, consent_text_id, way, at, recorded_at)
    select p_signature, consent, true, consent_text_id, 'confirmed', moment, moment
    from (select distinct on (consent) * from actions_consentrecord where signature_id = p_signature
        order by consent, id desc) as last
    where last.given;
    update actions_signerlink set code_hash = null where signature_id = p_signature;
    update actions_outboxmail set gave_up_at = moment, gave_up_why = 'confirmed'
        where signature_id = p_signature and kind in ('confirm', 'reminder') and sent_at is null and gave_up_at is null;
    return 'confirmed';
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
    perform set_config('actions.consent_way', 'form', true);  -- whatever the caller has said

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

    -- Whoever signed first in another's name must not decide that the name is handed over.
    update actions_signer r set hand_over_name = r.hand_over_name and p_hand_over_name from actions_signature s
    where s.petition_id = p_petition and s.digest = own and r.signature_id = s.id and s.state in ('awaiting', 'held')
        and s.id <> p_id and form.high_risk;
    -- The last to draw a number from a sequence, for new and for repeated: `lastval` names whose that was.
    insert into actions_totalslot (petition_id, slot, counted, repeats, looked_up)
    values (p_petition, p_slot, (is_new and outcome = 'counted')::int, (not is_new)::int, 1)
    on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted,
        repeats = actions_totalslot.repeats + excluded.repeats,
        looked_up = actions_totalslot.looked_up + excluded.looked_up;
    -- Who waits for a confirmation and comes again a day later has lost the mail: it goes out once more. (A code that
    -- nobody types is gone by then, and its signature with it.)
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

revoke all on function actions_note_consents, actions_forget_consents, actions_ledger_only_grows, actions_change_consents,
    actions_end_consents, actions_end_contact, actions_hide_name, actions_link_wish, actions_answer_wish,
    actions_record_words, actions_record_consent, actions_confirm_signature, actions_sign from public;
