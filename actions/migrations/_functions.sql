-- The verbs of signing. They run with the rights of their owner (security definer): the role of the public process may
-- call them and has no right of its own on signatures, signers, links or mails. docs/decisions/0007.

-- One signature. Returns 'closed', 'new' or 'again'; the visitor is never told which of the last two it was.
--
-- The key-share lock waits for anybody who is changing the life of the petition (they lock for update), and only then
-- is the clock read: what was open before the wait is tested again after it. All of it is one statement of its caller,
-- and one transaction: signature, signer, count and mail, or nothing.
create or replace function actions_sign(
    p_petition bigint, p_id uuid, p_digest bytea, p_version integer, p_language text, p_country text,
    p_sealed bytea, p_contact_action boolean, p_contact_other boolean, p_consent_text bigint,
    p_show_name boolean, p_hand_over_name boolean, p_suspicion text, p_network bytea, p_mail uuid
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    form record;
    moment timestamptz;
    outcome text;
    p_slot smallint := floor(random() * 16);
    found_id uuid;
    found_state text;
begin
    select opens_at, ends_at, paused, counting, high_risk, forgotten_at into form
        from actions_petition where id = p_petition for key share;
    moment := clock_timestamp();
    if not found or form.opens_at is null or moment < form.opens_at or moment >= form.ends_at or form.paused
        or form.forgotten_at is not null or exists (select from actions_signingrules where paused)
    then
        return 'closed';
    end if;
    outcome := case when p_suspicion <> '' then 'held' when form.counting = 'confirmed' then 'awaiting' else 'counted' end;

    insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
    values (p_id, p_petition, p_digest, p_version, outcome, p_language, p_country, moment)
    on conflict (petition_id, digest) do nothing;

    if not found then
        -- The same work as below, taken back again, so that the answer takes as long; and a row of the total that
        -- stays, so that it waits for the disk as long. docs/decisions/0009.
        begin
            insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
            values (p_id, p_petition, sha256(p_digest || p_id::text::bytea), p_version, outcome, p_language, p_country,
                moment);
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
            if not form.high_risk then
                insert into actions_outboxmail (id, signature_id, kind)
                values (p_mail, p_id, case outcome when 'counted' then 'receipt' else 'confirm' end);
            end if;
            raise exception using errcode = 'TB001';
        exception when sqlstate 'TB001' then
            null;
        end;
        insert into actions_totalslot (petition_id, slot, repeats) values (p_petition, p_slot, 1)
        on conflict (petition_id, slot) do update set repeats = actions_totalslot.repeats + 1;
        -- The mailbox learns of it, once ever, and not on the day it got its receipt.
        insert into actions_outboxmail (id, signature_id, kind)
        select p_mail, s.id, 'again' from actions_signature s join actions_signer on signature_id = s.id
        where s.petition_id = p_petition and s.digest = p_digest and s.state = 'counted' and not form.high_risk
            and s.signed_at < moment - interval '24 hours'
        on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing;
        return 'again';
    end if;

    insert into actions_signer
        (signature_id, sealed, contact_action, contact_other, consent_text_id, show_name, hand_over_name)
    values (p_id, p_sealed, p_contact_action, p_contact_other, p_consent_text, p_show_name, p_hand_over_name);
    if outcome = 'counted' then
        insert into actions_tally (petition_id, hour, language, slot, counted)
        values (p_petition, date_trunc('hour', moment, 'UTC'), p_language, p_slot, 1)
        on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + 1;
        insert into actions_totalslot (petition_id, slot, counted) values (p_petition, p_slot, 1)
        on conflict (petition_id, slot) do update set counted = actions_totalslot.counted + 1;
    elsif outcome = 'held' then
        insert into actions_hold (signature_id, reason, network) values (p_id, p_suspicion, p_network);
    end if;
    if not form.high_risk then
        insert into actions_outboxmail (id, signature_id, kind)
        values (p_mail, p_id, case outcome when 'counted' then 'receipt' else 'confirm' end);
    end if;
    return 'new';
end $$;

-- Move signatures from any of the states in p_from to p_to, with every count that hangs on it. Returns how many moved.
-- The one place besides actions_sign where a count changes.
create or replace function actions_move(p_ids uuid[], p_from text[], p_to text) returns integer
language sql security definer set search_path = public, pg_temp as $$
    with slot as (select floor(random() * 16)::smallint as n),
    old as (
        select id, state from actions_signature where id = any(p_ids) and state = any(p_from) order by id for update
    ), moved as (
        update actions_signature s set state = p_to from old where s.id = old.id
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

create or replace function actions_step(p_petition bigint, p_step text) returns void
language sql security definer set search_path = public, pg_temp as $$
    insert into actions_funnel (petition_id, day, step, number)
    values (p_petition, (clock_timestamp() at time zone 'Europe/Oslo')::date, p_step, 1)
    on conflict (petition_id, day, step) do update set number = actions_funnel.number + 1
$$;

-- Forget the person of one signature: the sealed row and everything that leads to it. The count stays.
create or replace function actions_erase(p_signature uuid, p_withdrawn boolean) returns void
language sql security definer set search_path = public, pg_temp as $$
    delete from actions_signer where signature_id = p_signature;
    delete from actions_publicname where signature_id = p_signature;
    delete from actions_hold where signature_id = p_signature;
    delete from actions_signerrequest where signature_id = p_signature;
    delete from actions_outboxmail where signature_id = p_signature;
    update actions_signerlink set code_hash = null where signature_id = p_signature;
    insert into actions_tombstone (signature_id, withdrawn) values (p_signature, p_withdrawn)
    on conflict (signature_id) do update set withdrawn = actions_tombstone.withdrawn or excluded.withdrawn
$$;

-- What the page behind a mailed link may show. Nothing of it names anybody.
create or replace function actions_link_facts(p_token bytea) returns table (
    signature_id uuid, petition_id bigint, state text, language text, signed_at timestamptz, has_signer boolean,
    contact_action boolean, contact_other boolean, show_name boolean, correcting boolean, copying boolean, copy bytea
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link record;
begin
    update actions_signerlink l set opened_at = clock_timestamp()
    from actions_signature s
    where l.hash = sha256(p_token) and l.opened_at is null and s.id = l.signature_id
    returning s.petition_id, s.state into link;
    if found and link.state in ('awaiting', 'held') then
        perform actions_step(link.petition_id, 'opened');
    end if;
    return query
    select s.id, s.petition_id, s.state::text, s.language::text, s.signed_at, r.signature_id is not null,
        coalesce(r.contact_action, false), coalesce(r.contact_other, false), coalesce(r.show_name, false),
        exists (select from actions_signerrequest q where q.signature_id = s.id and kind = 'correct' and done_at is null),
        exists (select from actions_signerrequest q
                where q.signature_id = s.id and kind = 'copy' and (done_at is null or q.copy is not null)),
        (select q.copy from actions_signerrequest q where q.signature_id = s.id and kind = 'copy' order by id desc limit 1)
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
        left join actions_signer r on r.signature_id = s.id
    where l.hash = sha256(p_token);
end $$;

-- Count a signature that waited for its confirmation. Only while the petition is open, by the clock after the lock.
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
    update actions_signerlink set code_hash = null where signature_id = p_signature;
    update actions_outboxmail set gave_up_at = moment, gave_up_why = 'confirmed'
        where signature_id = p_signature and kind in ('confirm', 'reminder') and sent_at is null and gave_up_at is null;
    return 'confirmed';
end $$;

create or replace function actions_confirm(p_token bytea) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
begin
    select signature_id into who from actions_signerlink where hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    return actions_confirm_signature(who);
end $$;

-- The short code typed instead of the link. A wrong code and an address that never signed get the same answer, after
-- the same kind of write; a link takes five tries.
create or replace function actions_confirm_code(p_petition bigint, p_digest bytea, p_code_hash bytea) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    link record;
begin
    select l.hash, l.signature_id, l.code_hash = p_code_hash and l.tries < 5 as fits into link
    from actions_signerlink l join actions_signature s on s.id = l.signature_id
    where s.petition_id = p_petition and s.digest = p_digest and l.code_hash is not null
    order by l.code_hash = p_code_hash desc, l.created_at desc limit 1 for update of l;
    if found and link.fits then
        return actions_confirm_signature(link.signature_id);
    elsif found then
        update actions_signerlink l set tries = tries + 1 where l.signature_id = link.signature_id;
    else
        insert into actions_totalslot (petition_id, slot) select id, 0 from actions_petition where id = p_petition
        on conflict (petition_id, slot) do update set repeats = actions_totalslot.repeats;
    end if;
    return 'wrong';
end $$;

-- Withdraw (before the end, lowers the count) or erase (keeps it), by a mailed link.
create or replace function actions_leave(p_token bytea, p_withdraw boolean) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
    form record;
    lowered integer := 0;
    was text;
begin
    select signature_id into who from actions_signerlink where hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    select p.id, p.ends_at into form from actions_petition p
        where p.id = (select petition_id from actions_signature where id = who) for key share;
    select state into was from actions_signature where id = who for update;
    if was = 'withdrawn' then return 'withdrawn'; end if;
    if p_withdraw and (form.ends_at is null or clock_timestamp() < form.ends_at) and was <> 'invalidated' then
        perform actions_move(array[who], array['counted', 'awaiting', 'held'], 'withdrawn');
        -- Noise instead of the digest: nothing of the person is left, and the same address may sign again.
        update actions_signature set digest = sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea)
            where id = who;
        lowered := 1;
    elsif was in ('awaiting', 'held') then
        perform actions_move(array[who], array['awaiting', 'held'], 'withdrawn');
    end if;
    if lowered = 1 or exists (select from actions_signer where signature_id = who) then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id)
        values ('signer', case lowered when 1 then 'withdrawn' else 'erased' end, form.id, who);
    end if;
    perform actions_erase(who, lowered = 1);
    return case lowered when 1 then 'withdrawn' else 'erased' end;
end $$;

-- End contact by mail, from the link or from the mail program's own button.
create or replace function actions_end_contact(p_token bytea) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who record;
begin
    select s.id, s.petition_id into who from actions_signerlink l join actions_signature s on s.id = l.signature_id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    update actions_signer set contact_action = false, contact_other = false
        where signature_id = who.id and (contact_action or contact_other);
    if found then
        insert into actions_auditrecord (actor, verb, petition_id, signature_id)
        values ('signer', 'consent', who.petition_id, who.id);
    end if;
    return 'ended';
end $$;

-- Take the first name off the page.
create or replace function actions_hide_name(p_token bytea) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
begin
    select signature_id into who from actions_signerlink where hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    update actions_signer set show_name = false where signature_id = who;
    delete from actions_publicname where signature_id = who;
    return 'hidden';
end $$;

-- Ask a process with keys for a correction or a copy. One of a kind waits at a time; a newer one takes its place.
create or replace function actions_ask(p_token bytea, p_id uuid, p_kind text, p_sealed bytea, p_copy_key bytea)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
begin
    select l.signature_id into who from actions_signerlink l join actions_signer r on r.signature_id = l.signature_id
        where l.hash = sha256(p_token);
    if not found then return 'unknown'; end if;
    delete from actions_signerrequest where signature_id = who and kind = p_kind;
    insert into actions_signerrequest (id, signature_id, kind, sealed, copy_key)
    values (p_id, who, p_kind, p_sealed, p_copy_key);
    return 'asked';
end $$;

-- Mail a link to whoever signed with one of these digests. The answer is the same for everybody, and so is the write.
create or replace function actions_ask_link(p_petitions bigint[], p_digests bytea[], p_mail uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
begin
    select s.id into who from unnest(p_petitions, p_digests) as asked (petition, digest)
        join actions_signature s on s.petition_id = asked.petition and s.digest = asked.digest
        join actions_signer r on r.signature_id = s.id
        join actions_petition p on p.id = s.petition_id and not p.high_risk
        order by s.signed_at desc limit 1;
    if found and not exists (
        select from actions_outboxmail m where m.signature_id = who and m.kind = 'link'
            and m.created_at > clock_timestamp() - interval '1 hour'
    ) then
        insert into actions_outboxmail (id, signature_id, kind) values (p_mail, who, 'link');
    else
        insert into actions_totalslot (petition_id, slot) select id, 0 from actions_petition where id = p_petitions[1]
        on conflict (petition_id, slot) do update set repeats = actions_totalslot.repeats;
    end if;
end $$;

-- The audit trail only grows.
create or replace function actions_audit_only_grows() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only';
end $$;
drop trigger if exists audit_only_grows on actions_auditrecord;
create trigger audit_only_grows before update or delete on actions_auditrecord
    for each row execute function actions_audit_only_grows();

revoke all on function actions_move, actions_step, actions_erase, actions_confirm_signature from public;
revoke all on function actions_sign, actions_link_facts, actions_confirm, actions_confirm_code, actions_leave,
    actions_end_contact, actions_hide_name, actions_ask, actions_ask_link from public;
