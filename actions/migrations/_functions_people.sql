-- What generates codes changes when a code is used or a factor is replaced; its name and when it was looked at do not
-- count. Recovery codes go with the factor they stand in for. `actions.sealing` says that what is there is encrypted with
-- another key (manage.py seal_factors): that is told too, as what it is.
create or replace function actions_note_factor() returns trigger language plpgsql as $$
declare
    is_other boolean := tg_op = 'UPDATE' and (new.user_id, new.type) <> (old.user_id, old.type);
    is_renewed boolean := tg_op = 'UPDATE' and not is_other
        and new.data - 'name' - 'viewed_at' <> old.data - 'name' - 'viewed_at';
    is_sealed boolean := is_renewed and coalesce(current_setting('actions.sealing', true), '') = 'on';
begin
    insert into actions_auditrecord (actor, verb, account_id, purpose)
    select '', verb, user_id, type from (values
        ((tg_op = 'DELETE' or is_other) and old.type <> 'recovery_codes', 'factor_removed', old.user_id, old.type),
        (is_sealed, 'factor_sealed', new.user_id, new.type),
        ((tg_op = 'INSERT' or is_other or is_renewed and not is_sealed) and new.type <> 'recovery_codes',
            'factor_added', new.user_id, new.type),
        ((tg_op = 'INSERT' or is_other) and new.type = 'recovery_codes', 'codes_made', new.user_id, new.type),
        (is_renewed and not is_sealed and new.type = 'recovery_codes', 'code_used', new.user_id, new.type)
    ) as change (happened, verb, user_id, type) where happened;
    return null;
end $$;

-- A user or a signature form that is deleted leaves its name for the audit trail, which has its id.
create or replace function actions_keep_name() returns trigger language plpgsql as $$
declare
    gone jsonb := to_jsonb(old);
begin
    insert into actions_formername (kind, of, name)
    values (
        tg_argv[0], old.id,
        coalesce(
            gone ->> 'name',
            nullif(trim(concat(gone ->> 'first_name', ' ', gone ->> 'last_name')), ''),
            gone ->> 'username'
        )
    )
    on conflict (kind, of) do update set name = excluded.name, at = now();
    return null;
end $$;

create or replace trigger keep_name after delete on auth_user
    for each row execute function actions_keep_name('user');
create or replace trigger keep_name after delete on actions_petition
    for each row execute function actions_keep_name('form');

-- Whoever is switched off is logged out for good, whichever way it was done: sessions hang on this (home.User).
create or replace function actions_switched_off() returns trigger language plpgsql as $$
begin
    new.switched_off_at := clock_timestamp();
    return new;
end $$;

create or replace trigger switched_off before update on auth_user
    for each row when (old.is_active and not new.is_active) execute function actions_switched_off();
