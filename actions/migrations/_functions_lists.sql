-- Addresses and hosts that staff block or let through: docs/decisions/0048.

-- Whether these can stand in a row of ours: the public process may send anything.
create or replace function actions_is_plain(p_language text, p_country text, p_suspicion text) returns boolean
language sql immutable set search_path = public, pg_temp as $$
    select p_language ~ '^[a-z]{2,3}(-[a-zA-Z0-9]{1,8})?$' and p_country ~ '^([A-Z]{2})?$'
        and p_suspicion in ('', 'network', 'trap', 'pace', 'blocked')
$$;

-- The list an address stands on, by itself or by one of its hosts; nothing where it stands on none. What stands closest
-- holds: an address before its host, a host before the one above it. The digest is none of a petition's, so that nobody who
-- has the tables sees what a listed address has signed.
create or replace function actions_listed(p_value bytea, p_hosts text[]) returns text
language sql stable security definer set search_path = public, pg_temp as $$
    select list from actions_listedaddress
    where (until is null or until > statement_timestamp())
        and (digest = sha256(convert_to('listed', 'UTF8') || p_value) or (host <> '' and host = any(p_hosts)))
    order by digest is null, length(host) desc
    limit 1
$$;

-- Sign as actions_sign_as_told does, after a look at the lists: who is blocked is held whatever else was seen, and who is
-- let through is not held for pace or network. Every call looks, and the answer is the same: a caller learns neither who
-- stands on a list nor that there is one.
create or replace function actions_sign_by_lists(
    p_petition bigint, p_id uuid, p_value bytea, p_version integer, p_language text, p_country text,
    p_sealed bytea, p_contact_action boolean, p_contact_other boolean, p_consent_text bigint,
    p_show_name boolean, p_notice bigint, p_suspicion text, p_network bytea, p_mail uuid, p_source bytea,
    p_hosts text[], p_address inet default null
) returns text language plpgsql security definer
set search_path = public, pg_temp set client_min_messages = warning as $$
declare
    listed text;
begin
    perform actions_asked_plainly();
    if p_hosts is null or cardinality(p_hosts) > 10 then
        raise exception 'an argument is missing or wrong' using errcode = 'data_exception';
    end if;
    listed := actions_listed(p_value, p_hosts);
    return actions_sign_as_told(p_petition, p_id, p_value, p_version, p_language, p_country, p_sealed, p_contact_action,
        p_contact_other, p_consent_text, p_show_name, p_notice,
        case when listed = 'block' then 'blocked'
            when listed = 'allow' and p_suspicion in ('pace', 'network') then '' else p_suspicion end,
        p_network, p_mail, p_source, p_address);
end $$;

-- Whoever puts something on a list or takes it off stands in the trail, in whatever way it is done. Never an address.
create or replace function actions_note_listed() returns trigger language plpgsql as $$
begin
    insert into actions_auditrecord (actor, verb, purpose)
    values ('', 'listed', concat_ws(' → ',
        case when tg_op <> 'INSERT' then format('%s %s until %s (%s)', old.list, coalesce(nullif(old.host, ''), 'address ' || old.id),
            coalesce(to_char(old.until, 'YYYY-MM-DD HH24:MI'), '–'), old.reason) end,
        case when tg_op = 'DELETE' then '–' else format('%s %s until %s (%s)', new.list,
            coalesce(nullif(new.host, ''), 'address ' || new.id), coalesce(to_char(new.until, 'YYYY-MM-DD HH24:MI'), '–'), new.reason)
            end
    ));
    return null;
end $$;

create or replace trigger note_listed after insert or update or delete on actions_listedaddress
    for each row execute function actions_note_listed();

revoke all on function actions_is_plain, actions_listed, actions_sign_by_lists from public;
