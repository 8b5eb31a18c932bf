-- What a signer was promised or shown holds: high risk stays, and a copy is thrown away once it is no longer true.

-- Who signed where signing is dangerous was told that no mail names the action. That holds from the opening on: a page may
-- have been left open, and signatures are there.
create or replace function actions_high_risk_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if old.opens_at <= clock_timestamp() or exists (select from actions_signature where petition_id = old.id) then
        raise exception 'high-risk mode stays once the form has opened'
            using errcode = 'check_violation', constraint = 'high_risk_stays', table = 'actions_petition';
    end if;
    return new;
end $$;

create or replace trigger high_risk_stays before update of high_risk on actions_petition for each row
    when (old.high_risk and not new.high_risk) execute function actions_high_risk_stays();

-- A copy that is made (`done_at`) tells what was true then. One that is still waited for is made of what is true later.
create or replace function actions_drop_copy() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    who uuid;
begin
    if tg_table_name = 'actions_signature' then who := new.id;
    elsif tg_op = 'DELETE' then who := old.signature_id;
    else who := new.signature_id;
    end if;
    delete from actions_signerrequest where signature_id = who and kind = 'copy' and done_at is not null;
    return null;
end $$;

create or replace trigger drop_copy after update on actions_signer for each row
    when (old.* is distinct from new.*) execute function actions_drop_copy();
create or replace trigger drop_copy after update on actions_signature for each row
    when ((old.state, old.language, old.country, old.signed_at)
        is distinct from (new.state, new.language, new.country, new.signed_at))
    execute function actions_drop_copy();
create or replace trigger drop_copy after insert or update or delete on actions_publicname for each row
    execute function actions_drop_copy();
create or replace trigger drop_copy after insert or delete on actions_restriction for each row
    execute function actions_drop_copy();
-- A new name waits for a process with keys: the old one is shown no longer meanwhile.
create or replace trigger drop_copy after insert on actions_signerrequest for each row
    when (new.kind = 'correct') execute function actions_drop_copy();

-- A whole set at once, when it is frozen and when its list is made.
create or replace function actions_drop_copies() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from actions_signerrequest where kind = 'copy' and done_at is not null) then
        delete from actions_signerrequest q using changed c
        where q.signature_id = c.signature_id and q.kind = 'copy' and q.done_at is not null;
    end if;
    return null;
end $$;

create or replace trigger drop_copies after insert on actions_deliveredsignature
    referencing new table as changed for each statement execute function actions_drop_copies();
create or replace trigger drop_copies after insert on actions_listedname
    referencing new table as changed for each statement execute function actions_drop_copies();

revoke all on function actions_high_risk_stays, actions_drop_copy, actions_drop_copies from public;
