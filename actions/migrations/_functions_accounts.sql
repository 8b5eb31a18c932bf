-- What happens to users, their rights and their factors stands in the audit trail, whoever does it and in which way:
-- the admin, many at once, a command, a shell, the database itself. `actions.by` says on whose behalf: the id of a user
-- of staff, 0 for somebody who is not logged in, nothing for a command (actions/accounts/trail.py).

create or replace function actions_note_account(text, integer, text) returns void language sql as $$
    insert into actions_auditrecord (actor, actor_id, verb, account_id, purpose)
    select case acting when '' then 'command' when '0' then 'nobody' else 'staff' end,
           nullif(nullif(acting, ''), '0')::integer, $1, $2, left($3, 250)
    from (select coalesce(current_setting('actions.by', true), '')) as setting (acting)
$$;

create or replace function actions_name_of_group(integer) returns text language sql stable as $$
    select coalesce((select name from auth_group where id = $1), 'group ' || $1)
$$;

create or replace function actions_name_of_right(integer) returns text language sql stable as $$
    select coalesce((select codename from auth_permission where id = $1), 'right ' || $1)
$$;

create or replace function actions_words_of_group_right(jsonb, text) returns text language sql stable as $$
    select concat(
        actions_name_of_group(($1 ->> 'group_id')::integer), ': ', $2, ' ',
        coalesce(actions_name_of_right(($1 ->> 'permission_id')::integer), 'approve'),
        ' (page ' || ($1 ->> 'page_id') || ')', ' (collection ' || ($1 ->> 'collection_id') || ')',
        ' (site ' || ($1 ->> 'site_id') || ')', ' (task ' || ($1 ->> 'groupapprovaltask_id') || ')'
    )
$$;

create or replace function actions_note_user() returns trigger language plpgsql as $$
declare
    changed text;
begin
    if tg_op = 'INSERT' then
        perform actions_note_account(case when new.is_superuser then 'superuser_made' else 'user_made' end, new.id, '');
        return null;
    elsif tg_op = 'DELETE' then
        perform actions_note_account('user_deleted', old.id, '');
        return null;
    end if;
    if new.is_superuser <> old.is_superuser then
        perform actions_note_account(
            case when new.is_superuser then 'superuser_made' else 'superuser_taken' end, new.id, ''
        );
    end if;
    if new.is_active <> old.is_active then
        perform actions_note_account(case when new.is_active then 'user_on' else 'user_off' end, new.id, '');
    end if;
    if new.password <> old.password then
        perform actions_note_account('password', new.id, '');
    end if;
    changed := concat_ws(', ',
        case when new.username <> old.username then 'username' end,
        case when new.email <> old.email then 'email' end,
        case when new.first_name <> old.first_name or new.last_name <> old.last_name then 'name' end
    );
    if changed <> '' then
        perform actions_note_account('user_changed', new.id, changed);
    end if;
    return null;
end $$;

create or replace function actions_note_role() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform actions_note_account('role_taken', old.user_id, actions_name_of_group(old.group_id));
    end if;
    if tg_op <> 'DELETE' then
        perform actions_note_account('role_given', new.user_id, actions_name_of_group(new.group_id));
    end if;
    return null;
end $$;

create or replace function actions_note_right() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform actions_note_account('right_taken', old.user_id, actions_name_of_right(old.permission_id));
    end if;
    if tg_op <> 'DELETE' then
        perform actions_note_account('right_given', new.user_id, actions_name_of_right(new.permission_id));
    end if;
    return null;
end $$;

create or replace function actions_note_group() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform actions_note_account('group_made', null, new.name);
    elsif tg_op = 'DELETE' then
        perform actions_note_account('group_deleted', null, old.name);
    elsif new.name <> old.name then
        perform actions_note_account('group_changed', null, old.name || ' → ' || new.name);
    end if;
    return null;
end $$;

-- A right of a group, everywhere, on a page, in a collection or for a site; or that it approves in a workflow.
create or replace function actions_note_group_right() returns trigger language plpgsql as $$
declare
    was jsonb := to_jsonb(old);
    becomes jsonb := to_jsonb(new);
begin
    if tg_op <> 'INSERT' then
        perform actions_note_account('group_changed', null, actions_words_of_group_right(was, '−'));
    end if;
    if tg_op <> 'DELETE' then
        perform actions_note_account('group_changed', null, actions_words_of_group_right(becomes, '+'));
    end if;
    return null;
end $$;

-- What generates codes changes when a code is used or a factor is replaced; its name and when it was looked at do not
-- count.
create or replace function actions_note_factor() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.type <> 'recovery_codes' then
            perform actions_note_account('factor_removed', old.user_id, old.type);
        end if;
    elsif tg_op = 'INSERT' then
        perform actions_note_account(
            case new.type when 'recovery_codes' then 'codes_made' else 'factor_added' end, new.user_id, new.type
        );
    elsif new.user_id <> old.user_id or new.type <> old.type then
        perform actions_note_account('factor_removed', old.user_id, old.type);
        perform actions_note_account('factor_added', new.user_id, new.type);
    elsif new.data - 'name' - 'viewed_at' <> old.data - 'name' - 'viewed_at' then
        perform actions_note_account(
            case new.type when 'recovery_codes' then 'code_used' else 'factor_added' end, new.user_id, new.type
        );
    end if;
    return null;
end $$;

create or replace function actions_note_network() returns trigger language plpgsql as $$
begin
    perform actions_note_account('network', null, concat_ws(' → ',
        case when tg_op <> 'INSERT' then format('%s until %s', old.network, to_char(old.until, 'YYYY-MM-DD HH24:MI')) end,
        case when tg_op <> 'DELETE' then format('%s until %s', new.network, to_char(new.until, 'YYYY-MM-DD HH24:MI')) end,
        case when tg_op = 'DELETE' then '–' end
    ));
    return null;
end $$;

create or replace trigger note_user after insert or update or delete on auth_user
    for each row execute function actions_note_user();
create or replace trigger note_role after insert or update or delete on auth_user_groups
    for each row execute function actions_note_role();
create or replace trigger note_right after insert or update or delete on auth_user_user_permissions
    for each row execute function actions_note_right();
create or replace trigger note_group after insert or update or delete on auth_group
    for each row execute function actions_note_group();
create or replace trigger note_group_right after insert or update or delete on auth_group_permissions
    for each row execute function actions_note_group_right();
create or replace trigger note_page_right after insert or update or delete on wagtailcore_grouppagepermission
    for each row execute function actions_note_group_right();
create or replace trigger note_collection_right after insert or update or delete on wagtailcore_groupcollectionpermission
    for each row execute function actions_note_group_right();
create or replace trigger note_site_right after insert or update or delete on wagtailcore_groupsitepermission
    for each row execute function actions_note_group_right();
create or replace trigger note_approval after insert or update or delete on wagtailcore_groupapprovaltask_groups
    for each row execute function actions_note_group_right();
create or replace trigger note_factor after insert or update or delete on mfa_authenticator
    for each row execute function actions_note_factor();
create or replace trigger note_network after insert or update or delete on actions_allowednetwork
    for each row execute function actions_note_network();

revoke all on function actions_note_account, actions_name_of_group, actions_name_of_right, actions_words_of_group_right
    from public;
