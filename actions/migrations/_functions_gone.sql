-- Gone everywhere: the person, her address, the files she stands in, and what a legal hold keeps for a while.
-- docs/decisions/0037.

-- Whether an address has the place of its one signature free, and its owner has not said that nobody may sign with it. Both
-- tables are looked at, whatever the first one says, and at one moment: who is erased in it goes from there to here.
create or replace function actions_may_sign(p_petition bigint, p_digest bytea) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select (select count(*) from actions_signature where petition_id = p_petition and digest = p_digest)
        + (select count(*) from actions_withdrawal where digest = p_digest and (never or taken)) = 0
$$;

-- Forget the person of one signature: the sealed row and everything that leads to it. The count stays, and so does that
-- the address counts already, in a table that leads to no signature. Who was never counted, or was withdrawn, may sign anew.
--
-- Files that are being made look at the time of this, under a lock that waits for it: the time is read below the lock.
create or replace function actions_erase(p_signature uuid, p_withdrawn boolean) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    theirs bytea;
begin
    perform from actions_petition where id = (select petition_id from actions_signature where id = p_signature)
        for key share;
    theirs := (select claim from actions_signature where id = p_signature);
    perform actions_move(array[p_signature], array['awaiting', 'held'], 'withdrawn');
    -- Once: what stands there later is noise already.
    if not p_withdrawn and not exists (select from actions_tombstone where signature_id = p_signature) then
        insert into actions_withdrawal (digest, petition_id, taken)
        select coalesce(theirs, s.digest), s.petition_id, s.state <> 'withdrawn'
        from actions_signature s join actions_petition p on p.id = s.petition_id
        where s.id = p_signature and p.forgotten_at is null
        on conflict (digest) do update set taken = actions_withdrawal.taken or excluded.taken;
        update actions_signature set digest = sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea)
            where id = p_signature and theirs is null;
    end if;
    delete from actions_signer where signature_id = p_signature;
    delete from actions_publicname where signature_id = p_signature;
    delete from actions_hold where signature_id = p_signature;
    delete from actions_signerrequest where signature_id = p_signature;
    delete from actions_outboxmail where signature_id = p_signature;
    delete from actions_signerlink where signature_id = p_signature;
    delete from actions_waitingerasure where signature_id = p_signature;
    -- A decision that fitted her alone was looked for by her name, perhaps.
    update actions_reviewrule r set criteria = criteria - 'name_pattern' - 'domain'
    where matched <= 1 and progress in ('done', 'undone') and exists (
        select from actions_reviewruleitem i where i.rule_id = r.id and i.signature_id = p_signature);
    insert into actions_tombstone (signature_id, withdrawn, at) values (p_signature, p_withdrawn, clock_timestamp())
    on conflict (signature_id) do update set withdrawn = actions_tombstone.withdrawn or excluded.withdrawn;
end $$;

-- Tries of codes hold the digest too: they go with it. Of attempts that wait side by side the last one takes them along.
create or replace function actions_forget_tries() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from actions_codetry t where t.digest in (old.digest, old.claim) and not exists (
        select from actions_signature s
        where s.petition_id = new.petition_id and (s.digest = t.digest or s.claim = t.digest));
    return null;
end $$;

create or replace trigger forget_tries after update of digest, claim on actions_signature for each row
    when ((old.digest, old.claim) is distinct from (new.digest, new.claim))
    execute function actions_forget_tries();

create or replace function actions_forget_withdrawals() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from actions_withdrawal where petition_id = new.id;
    delete from actions_codetry t using actions_signature s where s.petition_id = new.id and t.digest = s.digest;
    update actions_signature set claim = null where petition_id = new.id and claim is not null;  -- and their tries
    return null;
end $$;

-- Delete the files of a petition that somebody stands in, or may stand in: packages of the sets she is in, exports,
-- uploads. Without signatures: all of them. Staff read why. What a worker is making it looks at itself at the end
-- (signing/work.py), and an import that is being brought in leaves no file.
create or replace function actions_drop_files(p_petition bigint, p_signatures uuid[], p_why text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    doomed uuid[];
begin
    perform from actions_petition where id = p_petition for key share;
    select array_agg(file_id order by file_id) into doomed from (
        select k.file_id from actions_deliverypackage k join actions_delivery h on h.id = k.delivery_id
        where h.petition_id = p_petition and k.progress in ('done', 'failed') and (p_signatures is null or exists (
            select from actions_deliveredsignature d where d.signature_id = any(p_signatures)
                and (d.delivery_id = h.id or exists (select from actions_delivery_repeats r
                    where r.from_delivery_id = h.id and r.to_delivery_id = d.delivery_id))))
        union all
        select file_id from actions_export where petition_id = p_petition and progress in ('done', 'failed')
        union all
        select file_id from actions_signatureimport where petition_id = p_petition
            and (dry or progress in ('done', 'failed'))
    ) as theirs where file_id is not null;
    if doomed is null then return; end if;
    -- In the order in which whatever deletes one of them does it: the work, the parts, the file.
    update actions_deliverypackage set file_id = null, progress = 'failed', failed = p_why where file_id = any(doomed);
    update actions_export set file_id = null, progress = 'failed', failed = p_why where file_id = any(doomed);
    update actions_signatureimport set file_id = null, progress = 'failed', failed = p_why where file_id = any(doomed);
    delete from actions_sealedchunk where file_id = any(doomed);
    delete from actions_sealedfile where id = any(doomed);
end $$;

-- Whatever deletes a signer. That somebody without a name stood on a list tells nobody anything.
create or replace function actions_forget_files() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
begin
    delete from actions_listedname where signature_id in (select signature_id from forgotten);
    if not exists (select from actions_sealedfile) then return null; end if;
    for form in
        select s.petition_id as id, array_agg(s.id) as signatures from forgotten f
            join actions_signature s on s.id = f.signature_id group by 1 order by 1
    loop
        perform actions_drop_files(form.id, form.signatures, 'erased');
    end loop;
    return null;
end $$;

create or replace trigger forget_files after delete on actions_signer
    referencing old table as forgotten for each statement execute function actions_forget_files();

-- Under a legal hold: note that somebody is to be erased when it ends. Until then nothing of the data is shown, mailed or
-- handed over.
create or replace function actions_wait_to_erase(p_signature uuid, p_withdrawn boolean, p_way text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform actions_move(array[p_signature], array['awaiting', 'held'], 'withdrawn');
    perform actions_change_consents(array[p_signature],
        array['contact_action', 'contact_other', 'show_name', 'hand_over_name'], false, p_way, null, null);
    delete from actions_publicname where signature_id = p_signature;
    delete from actions_signerrequest where signature_id = p_signature;
    delete from actions_outboxmail where signature_id = p_signature;
    delete from actions_consentwish where signature_id = p_signature;
    insert into actions_waitingerasure (signature_id, withdrawn) values (p_signature, p_withdrawn)
    on conflict (signature_id) do update set withdrawn = actions_waitingerasure.withdrawn or excluded.withdrawn;
end $$;

-- Since when an erasure waits for the end of a legal hold, for the page behind a mailed link.
create or replace function actions_link_waits(p_token bytea) returns timestamptz
language sql stable security definer set search_path = public, pg_temp as $$
    select w.asked_at from actions_signerlink l join actions_waitingerasure w on w.signature_id = l.signature_id
    where l.hash = sha256(p_token)
$$;

-- Withdraw (before the end, lowers the count) or erase (keeps it), by a mailed link: 'withdrawn' or 'erased', after which
-- the link leads nowhere; 'waits' under a legal hold.
create or replace function actions_leave(p_token bytea, p_withdraw boolean) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
    form record;
    lowered boolean := false;
    was text;
    theirs record;
    others uuid[];
    one uuid;
begin
    select signature_id into who from actions_signerlink where hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    select p.id, p.ends_at, p.legal_hold into form from actions_petition p
        where p.id = (select petition_id from actions_signature where id = who) for key share;
    -- In high-risk mode attempts with the address may wait beside this one, each with her name: they go with it. The same
    -- lock as who types a code or signs with the address.
    select digest, claim into theirs from actions_signature where id = who;
    perform pg_advisory_xact_lock(('x' || encode(substr(coalesce(theirs.claim, theirs.digest), 1, 8), 'hex'))::bit(64)::bigint);
    select state into was from actions_signature where id = who for update;
    others := array(select id from actions_signature where petition_id = form.id and id <> who
        and claim = coalesce(theirs.claim, theirs.digest) and state in ('awaiting', 'held') order by id);
    -- Another click of the same link was first.
    if not exists (select from actions_signerlink where hash = sha256(p_token)) then return 'unknown'; end if;
    if p_withdraw and (form.ends_at is null or clock_timestamp() < form.ends_at)
        and was not in ('invalidated', 'withdrawn')
    then
        perform actions_move(array[who], array['counted', 'awaiting', 'held'], 'withdrawn');
        -- Noise instead of the digest: nothing of the person is left, and the same address may sign again.
        update actions_signature set digest = sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea)
            where id = who and theirs.claim is null;
        insert into actions_withdrawal (digest, petition_id)
        select theirs.claim, id from actions_petition
        where id = form.id and theirs.claim is not null and forgotten_at is null
        on conflict (digest) do nothing;
        lowered := true;
    end if;
    perform actions_move(others, array['awaiting', 'held'], 'withdrawn');
    foreach one in array others loop
        if form.legal_hold then
            perform actions_wait_to_erase(one, true, 'link');
        else
            perform actions_erase(one, true);
        end if;
        insert into actions_auditrecord (actor, verb, petition_id, signature_id)
        values ('signer', case when form.legal_hold then 'waits' else 'erased' end, form.id, one);
    end loop;
    if form.legal_hold and exists (select from actions_signer where signature_id = who) then
        perform actions_wait_to_erase(who, lowered, 'link');
        insert into actions_auditrecord (actor, verb, petition_id, signature_id)
        values ('signer', case when lowered then 'withdrawn' else 'waits' end, form.id, who);
        return 'waits';
    end if;
    if lowered or exists (select from actions_signer where signature_id = who) then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id)
        values ('signer', case when lowered then 'withdrawn' else 'erased' end, form.id, who);
    end if;
    -- One that was withdrawn under a hold has noise for a digest already.
    perform actions_erase(who, lowered or exists (
        select from actions_waitingerasure where signature_id = who and withdrawn));
    return case when lowered then 'withdrawn' else 'erased' end;
end $$;

-- It was not the owner of the mailbox: take the signature back (before the end the count goes down), and let nobody sign
-- this petition with the address. What stays is its digest, without id and time.
create or replace function actions_refuse(p_token bytea) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    theirs record;
    outcome text;
begin
    select s.id, s.petition_id, coalesce(s.claim, s.digest) as digest, p.forgotten_at into theirs
        from actions_signerlink l join actions_signature s on s.id = l.signature_id
        join actions_petition p on p.id = s.petition_id
        where l.hash = sha256(p_token) and s.state <> 'withdrawn';
    outcome := actions_leave(p_token, true);
    if theirs.digest is not null and theirs.forgotten_at is null and outcome <> 'unknown' then
        insert into actions_withdrawal (digest, petition_id, never) values (theirs.digest, theirs.petition_id, true)
        on conflict (digest) do update set never = true;
        insert into actions_auditrecord (actor, verb, petition_id, signature_id)
        values ('signer', 'refused', theirs.petition_id, theirs.id);
    end if;
    return outcome;
end $$;

-- Ask a process with keys for a correction or a copy. One of a kind waits at a time; a newer one takes its place. A name
-- that is to be corrected is off the page at once.
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
    if p_kind = 'correct' then delete from actions_publicname where signature_id = who; end if;
    return 'asked';
end $$;

-- What becomes of each address of a file, asked by a trial and by the import itself: 'known', 'withdrew', or '' where it
-- comes in. An address that stands in the file twice is there twice.
create or replace function actions_fate(p_petition bigint, p_digests bytea[])
returns table (place bigint, digest bytea, fate text)
language sql stable security definer set search_path = public, pg_temp as $$
    select g.place, g.digest, case
        when exists (select from actions_signature s where s.petition_id = p_petition and s.digest = g.digest) then 'known'
        when exists (select from actions_withdrawal w where w.digest = g.digest and w.taken) then 'known'
        when exists (select from actions_withdrawal w where w.digest = g.digest) then 'withdrew'
        else '' end
    from unnest(p_digests) with ordinality as g (digest, place)
$$;

-- What a mailed link may show of the hand-over: what was chosen and told, and on which lists the name stands. A list that was
-- made stays made, though its file went with somebody else.
create or replace function actions_hand_over_facts(p_token bytea) returns table (
    chosen boolean, told jsonb, frozen boolean, listed jsonb
) language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(r.hand_over_name, false),
        (select jsonb_build_object('level', n.level, 'recipients', n.recipients, 'words', n.words, 'language', n.language)
            from actions_handovernotice n where n.id = r.hand_over_notice_id and r.hand_over_name),
        exists (select from actions_deliveredsignature d where d.signature_id = s.id),
        coalesce((select jsonb_agg(jsonb_build_object('delivery', t.delivery_id, 'columns', t.columns) order by t.delivery_id)
            from actions_listedname t where t.signature_id = s.id and exists (select from actions_deliverypackage k
                where k.delivery_id = t.delivery_id and k.manifest is not null and k.columns <> '[]')), '[]')
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
        left join actions_signer r on r.signature_id = s.id
    where l.hash = sha256(p_token)
$$;

revoke all on function actions_may_sign, actions_erase, actions_forget_tries, actions_forget_withdrawals, actions_drop_files,
    actions_forget_files, actions_wait_to_erase, actions_link_waits, actions_leave, actions_refuse,
    actions_ask, actions_fate, actions_hand_over_facts from public;
