-- What happens to users, their rights and their factors stands in the audit trail, whoever does it and in which way:
-- the admin, many at once, a command, a shell, the database itself. All are functions of triggers, which run with the
-- rights of whoever changes the row, and which nobody can call.

-- `actions.by` says on whose behalf: the id of a user of staff, 0 for somebody who is not logged in, nothing for a
-- command (actions/accounts/trail.py).
create or replace function actions_audit_says_who() returns trigger language plpgsql as $$
declare
    acting text := coalesce(current_setting('actions.by', true), '');
begin
    new.actor := case acting when '' then 'command' when '0' then 'nobody' else 'staff' end;
    new.actor_id := nullif(nullif(acting, ''), '0')::integer;
    new.purpose := left(new.purpose, 250);
    return new;
end $$;

create or replace function actions_note_user() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into actions_auditrecord (actor, verb, account_id)
        values ('', case when new.is_superuser then 'superuser_made' else 'user_made' end, new.id);
    elsif tg_op = 'DELETE' then
        insert into actions_auditrecord (actor, verb, account_id) values ('', 'user_deleted', old.id);
    else
        insert into actions_auditrecord (actor, verb, account_id, purpose)
        select '', verb, new.id, words from (values
            (new.is_superuser and not old.is_superuser, 'superuser_made', ''),
            (old.is_superuser and not new.is_superuser, 'superuser_taken', ''),
            (new.is_active and not old.is_active, 'user_on', ''),
            (old.is_active and not new.is_active, 'user_off', ''),
            (new.password <> old.password, 'password', ''),
            ((new.username, new.email, new.first_name, new.last_name)
                <> (old.username, old.email, old.first_name, old.last_name),
             'user_changed',
             concat_ws(', ',
                case when new.username <> old.username then 'username' end,
                case when new.email <> old.email then 'email' end,
                case when (new.first_name, new.last_name) <> (old.first_name, old.last_name) then 'name' end))
        ) as change (happened, verb, words) where happened;
    end if;
    return null;
end $$;

create or replace function actions_note_role() returns trigger language plpgsql as $$
begin
    insert into actions_auditrecord (actor, verb, account_id, purpose)
    select '', verb, user_id, coalesce((select name from auth_group where id = group_id), 'group ' || group_id)
    from (values
        (tg_op <> 'INSERT', 'role_taken', old.user_id, old.group_id),
        (tg_op <> 'DELETE', 'role_given', new.user_id, new.group_id)
    ) as change (happened, verb, user_id, group_id) where happened;
    return null;
end $$;

create or replace function actions_note_right() returns trigger language plpgsql as $$
begin
    insert into actions_auditrecord (actor, verb, account_id, purpose)
    select '', verb, user_id,
        coalesce((select codename from auth_permission where id = permission_id), 'right ' || permission_id)
    from (values
        (tg_op <> 'INSERT', 'right_taken', old.user_id, old.permission_id),
        (tg_op <> 'DELETE', 'right_given', new.user_id, new.permission_id)
    ) as change (happened, verb, user_id, permission_id) where happened;
    return null;
end $$;

create or replace function actions_note_group() returns trigger language plpgsql as $$
begin
    insert into actions_auditrecord (actor, verb, purpose)
    select '', verb, words from (values
        (tg_op = 'INSERT', 'group_made', new.name),
        (tg_op = 'DELETE', 'group_deleted', old.name),
        (tg_op = 'UPDATE' and new.name <> old.name, 'group_changed', old.name || ' → ' || new.name)
    ) as change (happened, verb, words) where happened;
    return null;
end $$;

-- A right of a group, everywhere, on a page, in a collection or for a site; or that it approves in a workflow.
create or replace function actions_note_group_right() returns trigger language plpgsql as $$
begin
    insert into actions_auditrecord (actor, verb, purpose)
    select '', 'group_changed', concat(
        coalesce((select name from auth_group where id = (it ->> 'group_id')::integer), 'group ' || (it ->> 'group_id')),
        ': ', sign, ' ',
        coalesce((select codename from auth_permission where id = (it ->> 'permission_id')::integer),
            'right ' || (it ->> 'permission_id'), 'approve'),
        ' (page ' || (it ->> 'page_id') || ')', ' (collection ' || (it ->> 'collection_id') || ')',
        ' (site ' || (it ->> 'site_id') || ')', ' (task ' || (it ->> 'groupapprovaltask_id') || ')'
    )
    from (values
        (tg_op <> 'INSERT', '−', to_jsonb(old)),
        (tg_op <> 'DELETE', '+', to_jsonb(new))
    ) as change (happened, sign, it) where happened;
    return null;
end $$;

-- What generates codes changes when a code is used or a factor is replaced; its name and when it was looked at do not
-- count. Recovery codes go with the factor they stand in for.
create or replace function actions_note_factor() returns trigger language plpgsql as $$
declare
    is_other boolean := tg_op = 'UPDATE' and (new.user_id, new.type) <> (old.user_id, old.type);
    is_renewed boolean := tg_op = 'UPDATE' and not is_other
        and new.data - 'name' - 'viewed_at' <> old.data - 'name' - 'viewed_at';
begin
    insert into actions_auditrecord (actor, verb, account_id, purpose)
    select '', verb, user_id, type from (values
        ((tg_op = 'DELETE' or is_other) and old.type <> 'recovery_codes', 'factor_removed', old.user_id, old.type),
        ((tg_op = 'INSERT' or is_other or is_renewed) and new.type <> 'recovery_codes',
            'factor_added', new.user_id, new.type),
        ((tg_op = 'INSERT' or is_other) and new.type = 'recovery_codes', 'codes_made', new.user_id, new.type),
        (is_renewed and new.type = 'recovery_codes', 'code_used', new.user_id, new.type)
    ) as change (happened, verb, user_id, type) where happened;
    return null;
end $$;

create or replace function actions_note_network() returns trigger language plpgsql as $$
begin
    insert into actions_auditrecord (actor, verb, purpose)
    values ('', 'network', concat_ws(' → ',
        case when tg_op <> 'INSERT' then
            format('%s until %s', old.network, to_char(old.until, 'YYYY-MM-DD HH24:MI')) end,
        case when tg_op = 'DELETE' then '–'
            else format('%s until %s', new.network, to_char(new.until, 'YYYY-MM-DD HH24:MI')) end
    ));
    return null;
end $$;

create or replace trigger says_who before insert on actions_auditrecord
    for each row when (new.actor = '') execute function actions_audit_says_who();
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
