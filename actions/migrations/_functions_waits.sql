-- A name that is to be handed over waits for a word from the mailbox, as all that is ticked does: docs/decisions/0040.

-- What was ticked and waits for a word from the mailbox, for the page behind a mailed link. `told` is what the form said of
-- its list.
drop function if exists actions_link_ticks(bytea);
create function actions_link_ticks(p_token bytea) returns table (
    contact_action boolean, contact_other boolean, show_name boolean, consent_text_id bigint, hand_over_name boolean,
    told text
) language sql stable security definer set search_path = public, pg_temp as $$
    select r.contact_action, r.contact_other, r.show_name, r.consent_text_id, r.hand_over_name, n.words
    from actions_signerlink l join actions_signer r on r.signature_id = l.signature_id
        left join actions_handovernotice n on n.id = r.hand_over_notice_id
    where l.hash = sha256(p_token) and r.proved_at is null
$$;

-- End consents by a mailed link (p_way 'link'), or by the mail program's own button ('one_click'). Of a name that is handed
-- over this ends nothing any more once a delivery has it; what was ticked and waits is in none.
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
        perform from actions_signature where id = who.id for update;  -- as actions_choose_hand_over
        if exists (select from actions_deliveredsignature where signature_id = who.id)
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
    return 'ended';
end $$;

-- What a mailed link may show of the hand-over: what was chosen and told, once the mailbox has answered, and on which lists
-- the name stands. A list that was made stays made, though its file went with somebody else.
create or replace function actions_hand_over_facts(p_token bytea) returns table (
    chosen boolean, told jsonb, frozen boolean, listed jsonb
) language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(r.hand_over_name and r.proved_at is not null, false),
        (select jsonb_build_object('level', n.level, 'recipients', n.recipients, 'words', n.words, 'language', n.language)
            from actions_handovernotice n where n.id = r.hand_over_notice_id and r.hand_over_name
                and r.proved_at is not null),
        exists (select from actions_deliveredsignature d where d.signature_id = s.id),
        coalesce((select jsonb_agg(jsonb_build_object('delivery', t.delivery_id, 'columns', t.columns) order by t.delivery_id)
            from actions_listedname t where t.signature_id = s.id and exists (select from actions_deliverypackage k
                where k.delivery_id = t.delivery_id and k.manifest is not null and k.columns <> '[]')), '[]')
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
        left join actions_signer r on r.signature_id = s.id
    where l.hash = sha256(p_token)
$$;

-- Choose by a mailed link whether the name is handed over, as a notice says, or only the number (no notice); `p_text` are the
-- words agreed to. Who asks for it has answered from the mailbox. The row of the signature is locked: a delivery that is
-- being frozen refers to it, and whoever comes second sees what the first did.
create or replace function actions_choose_hand_over(p_token bytea, p_notice bigint, p_text bigint) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
    form bigint;
    told bigint;
    changed integer;
begin
    select signature_id into who from actions_signerlink where hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    select petition_id into form from actions_signature where id = who for update;
    if exists (select from actions_deliveredsignature where signature_id = who) then return 'frozen'; end if;
    told := (select id from actions_handovernotice where id = p_notice and petition_id = form);
    if p_notice is not null and told is null then return 'gone'; end if;
    perform set_config('actions.consent_way', 'link', true);
    update actions_signer set hand_over_name = told is not null, hand_over_notice_id = told,
        consent_text_id = case when told is null then consent_text_id else coalesce(p_text, consent_text_id) end
    where signature_id = who;
    get diagnostics changed = row_count;
    if told is not null then perform actions_prove(who, clock_timestamp()); end if;
    perform set_config('actions.consent_way', '', true);
    return case changed when 1 then 'chosen' else 'gone' end;
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

revoke all on function actions_link_ticks, actions_end_consents, actions_hand_over_facts, actions_choose_hand_over,
    actions_sign_as_told from public;
