-- Mails that people can act on: docs/decisions/0041.

-- Tell no more that somebody came again: whoever comes, what waits is given up, and what was sent is not sent anew.
create or replace function actions_not_again(p_signatures uuid[]) returns void
language sql security definer set search_path = public, pg_temp as $$
    update actions_outboxmail set gave_up_why = 'not wanted',
        gave_up_at = case when sent_at is null then coalesce(gave_up_at, clock_timestamp()) end
    where signature_id = any(p_signatures) and kind = 'again';
    insert into actions_outboxmail (id, signature_id, kind, gave_up_at, gave_up_why)
    select gen_random_uuid(), id, 'again', clock_timestamp(), 'not wanted' from actions_signature where id = any(p_signatures)
    on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
$$;

-- Write no mails any more but those that are asked for from the mailbox: what waits is given up, a request to confirm is not
-- sent anew, and the one reminder is as good as sent.
create or replace function actions_no_more_mail(p_signatures uuid[]) returns void
language sql security definer set search_path = public, pg_temp as $$
    select actions_not_again(p_signatures);
    update actions_outboxmail set gave_up_why = 'not wanted',
        gave_up_at = case when sent_at is null then coalesce(gave_up_at, clock_timestamp()) end
    where signature_id = any(p_signatures) and incident_id is null
        and (kind in ('confirm', 'reminder') or (kind in ('update', 'handed') and sent_at is null and gave_up_at is null));
    insert into actions_outboxmail (id, signature_id, kind, gave_up_at, gave_up_why)
    select gen_random_uuid(), id, 'reminder', clock_timestamp(), 'not wanted' from actions_signature
    where id = any(p_signatures)
    on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
$$;

-- Say yes to a wish, or no to all: a no is a no, and nobody is asked time and again.
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
        perform actions_not_again(array[who.id]);
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

-- End consents by a mailed link (p_way 'link'), or by the mail program's own button ('one_click'). Of a name that is handed
-- over this ends nothing any more once the day has come; what was ticked and waits is in no list.
create or replace function actions_end_consents(p_token bytea, p_consents text[], p_way text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who record;
    ended text[] := p_consents;
begin
    if p_way not in ('link', 'one_click') or p_consents is null
        or not p_consents <@ array['contact_action', 'contact_other', 'show_name', 'hand_over_name']
    then
        raise exception 'an argument is missing or wrong' using errcode = 'data_exception';
    end if;
    select s.id, s.petition_id into who from actions_signerlink l join actions_signature s on s.id = l.signature_id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    if 'hand_over_name' = any(ended) then
        perform from actions_petition where id = who.petition_id for key share;
        perform from actions_signature where id = who.id for update;  -- as actions_choose_hand_over
        if exists (select from actions_deliveries_of(who.id))
            and not exists (select from actions_deliveries_of(who.id) where to_come)
            and exists (select from actions_signer where signature_id = who.id and proved_at is not null)
        then
            ended := array_remove(ended, 'hand_over_name');
        end if;
    end if;
    if actions_change_consents(array[who.id], ended, false, p_way, null, null) > 0 then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id, purpose)
        values ('signer', 'consent', who.petition_id, who.id, array_to_string(ended, ', ') || ': ' || p_way);
    end if;
    update actions_consentwish set contact_action = contact_action and not 'contact_action' = any(p_consents),
        contact_other = contact_other and not 'contact_other' = any(p_consents)
    where signature_id = who.id;
    -- Who wants no mail at all is not reminded either. ("Nothing of it", about all that was ticked, is no such word: who says
    -- it goes on to confirm.)
    if p_consents @> array['contact_action', 'contact_other'] and not 'hand_over_name' = any(p_consents) then
        perform actions_no_more_mail(array[who.id]);
    end if;
    return 'ended';
end $$;

-- A consent that is given by a mailed link proves the mailbox; whatever came back from it, it is there.
create or replace function actions_prove_by_link() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update actions_signer set proved_at = coalesce(proved_at, new.at), mailbox_gone_at = null
    where signature_id = new.signature_id and (proved_at is null or mailbox_gone_at is not null);
    return null;
end $$;

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
    -- Whoever answers has a mailbox, whatever came back from it.
    update actions_signer set mailbox_gone_at = null where signature_id = p_signature and mailbox_gone_at is not null;
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

    -- Whose name it is that was typed first nobody knows once somebody else comes with the address: it is then shown and
    -- handed over only if it is asked for anew, from the mailbox.
    update actions_signer r set show_name = false, hand_over_name = false from actions_signature s
    where s.petition_id = p_petition and s.digest = own and s.id <> p_id and r.signature_id = s.id
        and (r.show_name or r.hand_over_name) and r.proved_at is null;
    -- The last to draw a number from a sequence, for new and for repeated: `lastval` names whose that was.
    insert into actions_totalslot (petition_id, slot, counted, repeats, looked_up)
    values (p_petition, p_slot, (is_new and outcome = 'counted')::int, (not is_new)::int, 1)
    on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + excluded.counted,
        repeats = actions_totalslot.repeats + excluded.repeats,
        looked_up = actions_totalslot.looked_up + excluded.looked_up;
    -- Who waits for a confirmation and comes again has lost the mail: it goes out once more, with a new link and a new code
    -- beside the older ones. How many go to an address in a day the outbox knows (signing/outbox.py). A form that was sent
    -- twice at once calls for one mail, and a mailbox that was not there is asked again a day later. What a new attempt has
    -- just written is written over with the same, so that it costs as much. (In high-risk mode each attempt has a mail.)
    update actions_outboxmail m set sent_at = null, gave_up_at = null, gave_up_why = '', bounced_at = null, attempts = 0,
        created_at = moment, due_at = moment
    from actions_signature s join actions_signer r on r.signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state in ('awaiting', 'held') and m.signature_id = s.id
        and m.kind = 'confirm' and (s.id = p_id or (coalesce(m.sent_at, m.gave_up_at) < moment - interval '10 seconds'
            and m.gave_up_why <> 'not wanted' and (m.bounced_at is null or m.bounced_at < moment - interval '24 hours')));
    -- Who came again and ticked that we may write: the mailbox is asked, nobody else is told. A wish is written down as
    -- often as it is made; it calls for a mail of its own once ever. The mailbox of one whose signature counts learns that
    -- somebody came again, at once, and once in 24 hours.
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
        due_at = moment
    from actions_signature s join actions_signer r on r.signature_id = s.id left join wish on wish.signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state = 'counted' and s.id <> p_id and not form.high_risk
        and m.signature_id = s.id and m.kind = 'again' and m.gave_up_why <> 'not wanted'
        and (wish.is_first and m.sent_at is not null or coalesce(m.sent_at, m.gave_up_at) < moment - interval '24 hours');
    -- The first time. A receipt that is still to go tells the same.
    insert into actions_outboxmail (id, signature_id, kind, created_at, due_at)
    select gen_random_uuid(), s.id, 'again', moment, moment
    from actions_signature s join actions_signer r on r.signature_id = s.id
    where s.petition_id = p_petition and s.digest = own and s.state = 'counted' and s.id <> p_id and not form.high_risk
        and s.signed_at < moment - interval '10 seconds' and not exists (select from actions_outboxmail m
            where m.signature_id = s.id and m.kind in ('receipt', 'confirm') and m.sent_at is null and m.gave_up_at is null)
    on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
    perform set_config('actions.consent_way', '', true);
    return 'taken';
end $$;

revoke all on function actions_not_again, actions_no_more_mail, actions_answer_wish, actions_end_consents,
    actions_prove_by_link, actions_confirm_signature, actions_sign_as_told from public;
