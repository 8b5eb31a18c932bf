-- Whom a record of the audit trail is about, that their data may only be stored, and what a case is about: all go with
-- the person, in whatever way that is forgotten. docs/decisions/0038.

create or replace function actions_forget_touched() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from actions_touchedsigner where signature_id in (select signature_id from forgotten);
    delete from actions_restriction where signature_id in (select signature_id from forgotten);
    -- The letters of a case lie elsewhere, with a name: they are not to lead to what the person signed.
    update actions_rightscase set signatures = array(
            select one from unnest(signatures) with ordinality as theirs (one, place)
            where one not in (select signature_id from forgotten) order by place)
        where signatures && array(select signature_id from forgotten);
    return null;
end $$;

create or replace trigger forget_touched after delete on actions_signer
    referencing old table as forgotten for each statement execute function actions_forget_touched();

revoke all on function actions_forget_touched from public;
