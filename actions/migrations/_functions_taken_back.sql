-- A name that was to be handed over can be taken back until the day of the hand-over: docs/decisions/0035.

-- The deliveries that hand a signature over, sets that are handed over again included, and whether their day is still to
-- come (by UTC: west of Greenwich it has come some hours early, elsewhere some hours late).
create or replace function actions_deliveries_of(p_signature uuid) returns table (id bigint, to_come boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    select h.id::bigint, h.delivered_on > (clock_timestamp() at time zone 'UTC')::date
    from actions_deliveredsignature d join actions_delivery h on h.id = d.delivery_id or exists (
        select from actions_delivery_repeats r where r.from_delivery_id = h.id and r.to_delivery_id = d.delivery_id)
    where d.signature_id = p_signature
$$;

-- Take somebody's name off the lists whose day is still to come, and delete the packages that hold it. What was handed over
-- stays told. Packages that are being made look at the time of the record, under a lock that waits for it.
create or replace function actions_unlist(p_signature uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form bigint;
    doomed uuid[];
begin
    if not exists (select from actions_deliveredsignature where signature_id = p_signature) then return; end if;
    select petition_id into form from actions_signature where id = p_signature;
    perform from actions_petition where id = form for key share;
    delete from actions_listedname t using actions_deliveries_of(p_signature) h
        where t.signature_id = p_signature and t.delivery_id = h.id and h.to_come;
    select array_agg(k.file_id order by k.file_id) into doomed
        from actions_deliverypackage k join actions_deliveries_of(p_signature) h on h.id = k.delivery_id
        where k.columns <> '[]' and k.progress in ('done', 'failed') and k.file_id is not null;
    update actions_deliverypackage set file_id = null, progress = 'failed', failed = 'restricted'
        where file_id = any(doomed);
    delete from actions_sealedchunk where file_id = any(doomed);
    delete from actions_sealedfile where id = any(doomed);
    insert into actions_auditrecord (actor, verb, petition_id, signature_id, at)
    values ('worker', 'unlisted', form, p_signature, clock_timestamp());
end $$;

-- Whoever ends it, by whatever way. What nobody has answered for stands on no list, and is not looked at.
create or replace function actions_name_taken_back() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform actions_unlist(new.signature_id);
    return null;
end $$;

create or replace trigger name_taken_back after update of hand_over_name on actions_signer for each row
    when (old.hand_over_name and not new.hand_over_name and old.proved_at is not null)
    execute function actions_name_taken_back();

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
    return 'ended';
end $$;

-- What a mailed link may show of the hand-over: what was chosen and told, once the mailbox has answered, on which lists the
-- name stands, whether a name in a frozen set can still be taken back, and since when the use of the data is restricted. A
-- list that was made stays made, though its file went with somebody else.
drop function if exists actions_hand_over_facts(bytea);
create function actions_hand_over_facts(p_token bytea) returns table (
    chosen boolean, told jsonb, frozen boolean, listed jsonb, to_come boolean, restricted timestamptz
) language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(r.hand_over_name and r.proved_at is not null, false),
        (select jsonb_build_object('level', n.level, 'recipients', n.recipients, 'words', n.words, 'language', n.language)
            from actions_handovernotice n where n.id = r.hand_over_notice_id and r.hand_over_name
                and r.proved_at is not null),
        exists (select from actions_deliveredsignature d where d.signature_id = s.id),
        coalesce((select jsonb_agg(jsonb_build_object('delivery', t.delivery_id, 'columns', t.columns) order by t.delivery_id)
            from actions_listedname t where t.signature_id = s.id and exists (select from actions_deliverypackage k
                where k.delivery_id = t.delivery_id and k.manifest is not null and k.columns <> '[]')), '[]'),
        exists (select from actions_deliveries_of(s.id) h where h.to_come),
        (select since from actions_restriction where signature_id = s.id)
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
        left join actions_signer r on r.signature_id = s.id
    where l.hash = sha256(p_token)
$$;

-- Choose by a mailed link whether the name is handed over, as a notice says, or only the number (no notice); `p_text` are the
-- words agreed to. Who asks for it has answered from the mailbox. Once a set is frozen a name can only be taken back, until
-- its day has come. The row of the signature is locked: a delivery that is being frozen refers to it, and whoever comes
-- second sees what the first did.
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
    select petition_id into form from actions_signature where id = who;
    perform from actions_petition where id = form for key share;
    perform from actions_signature where id = who for update;
    if exists (select from actions_deliveries_of(who))
        and (p_notice is not null or not exists (select from actions_deliveries_of(who) where to_come))
    then
        return 'frozen';
    end if;
    told := (select id from actions_handovernotice where id = p_notice and petition_id = form);
    if p_notice is not null and told is null then return 'gone'; end if;
    perform set_config('actions.consent_way', 'link', true);
    -- Who has agreed already, and agrees to more: the ledger tells of flags that change.
    insert into actions_consentrecord (signature_id, consent, given, consent_text_id, way, at, recorded_at)
    select who, 'hand_over_name', true, p_text, 'link', clock_timestamp(), clock_timestamp() from actions_signer
        where signature_id = who and hand_over_name and proved_at is not null and hand_over_notice_id <> told;
    update actions_signer set hand_over_name = told is not null, hand_over_notice_id = told,
        consent_text_id = case when told is null then consent_text_id else coalesce(p_text, consent_text_id) end
    where signature_id = who;
    get diagnostics changed = row_count;
    if told is not null then perform actions_prove(who, clock_timestamp()); end if;
    perform set_config('actions.consent_way', '', true);
    return case changed when 1 then 'chosen' else 'gone' end;
end $$;

revoke all on function actions_deliveries_of, actions_unlist, actions_name_taken_back, actions_end_consents,
    actions_hand_over_facts, actions_choose_hand_over from public;
