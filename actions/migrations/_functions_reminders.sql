-- To be told when a form opens. The public process writes down that an address was typed and learns nothing of it: no row of
-- the address is looked for here, and a second one is written as the first was. A worker knows who was asked already.

-- Returns 'closed' where there is no opening to wait for, or 'taken'.
create or replace function actions_ask_reminder(p_petition bigint, p_id uuid, p_value bytea, p_language text, p_sealed bytea)
returns text language plpgsql security definer
set search_path = public, pg_temp set client_min_messages = warning as $$
begin
    perform actions_asked_plainly();
    perform actions_is_seal(p_sealed);
    if p_petition is null or p_id is null or p_value is null or p_language is null or length(p_value) <> 32
        or not actions_is_plain(p_language, '', '')
    then
        raise exception 'an argument is missing or wrong' using errcode = 'data_exception';
    end if;
    -- Where signing itself is dangerous no mail names the action.
    if not exists (
        select from actions_petition
        where id = p_petition and opens_at > clock_timestamp() and not high_risk and forgotten_at is null
    ) then
        return 'closed';
    end if;
    insert into actions_openingreminder (id, petition_id, digest, sealed, language)
    values (p_id, p_petition, actions_digest(p_petition, p_value), p_sealed, p_language);
    return 'taken';
end $$;

-- What the page behind a mailed link shows: which form, in which language, and whether the mailbox has said yes.
create or replace function actions_reminder_facts(p_token bytea)
returns table (petition_id bigint, language text, confirmed boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    select r.petition_id, r.language::text, r.confirmed_at is not null
    from actions_openingreminder r where r.link_hash = sha256(p_token) and r.sealed <> ''
$$;

-- What the owner of the mailbox says: 'confirmed', or 'stopped', and then the address is gone; 'unknown' for no link of ours.
create or replace function actions_answer_reminder(p_token bytea, p_yes boolean) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if p_yes then
        update actions_openingreminder set confirmed_at = coalesce(confirmed_at, clock_timestamp())
        where link_hash = sha256(p_token) and sealed <> '';
    else
        update actions_openingreminder set sealed = '', confirmed_at = null
        where link_hash = sha256(p_token) and sealed <> '';
    end if;
    if not found then return 'unknown'; end if;
    return case when p_yes then 'confirmed' else 'stopped' end;
end $$;

-- A case of a person names what it is about as long as that is there.
create or replace function actions_reminder_gone() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update actions_rightscase set signatures = array_remove(signatures, old.id) where old.id = any(signatures);
    return null;
end $$;
drop trigger if exists reminder_gone on actions_openingreminder;
create trigger reminder_gone after delete on actions_openingreminder
    for each row execute function actions_reminder_gone();
drop trigger if exists reminder_stopped on actions_openingreminder;
create trigger reminder_stopped after update of sealed on actions_openingreminder
    for each row when (new.sealed = '') execute function actions_reminder_gone();

revoke all on function actions_ask_reminder, actions_reminder_facts, actions_answer_reminder, actions_reminder_gone
    from public;
