-- When the state of a signature last changed, so that the membership system is told when a thing happened, and not when
-- somebody looked. Written in the row that changes anyway.
create or replace function actions_moved() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    new.moved_at := clock_timestamp();
    return new;
end $$;
drop trigger if exists signature_moved on actions_signature;
create trigger signature_moved before update of state on actions_signature
    for each row when (old.state is distinct from new.state) execute function actions_moved();
revoke all on function actions_moved from public;
