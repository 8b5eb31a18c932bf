"""Who was erased before: the digests and links that stayed, and files in which somebody stands who is gone."""

from django.db import migrations

FORGET = """
insert into actions_withdrawal (digest, petition_id, taken)
select s.digest, s.petition_id, true from actions_tombstone t join actions_signature s on s.id = t.signature_id
    join actions_petition p on p.id = s.petition_id
where not t.withdrawn and s.state <> 'withdrawn' and p.forgotten_at is null
on conflict (digest) do update set taken = true;

update actions_signature s set claim = null,
    digest = sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea)
from actions_tombstone t where t.signature_id = s.id and not t.withdrawn;

delete from actions_listedname where not exists (
    select from actions_signer r where r.signature_id = actions_listedname.signature_id);

delete from actions_signerlink l using actions_tombstone t where t.signature_id = l.signature_id;

update actions_signature s set claim = null from actions_petition p
where p.id = s.petition_id and p.forgotten_at is not null and s.claim is not null;

select actions_drop_files(id, null, 'forgotten') from actions_petition where forgotten_at is not null;

select actions_drop_files(s.petition_id, array_agg(s.id), 'erased')
from actions_tombstone t join actions_signature s on s.id = t.signature_id group by s.petition_id;

-- A hold from before has no ground and no day: somebody is asked to look at it.
update actions_petition set hold_ground = 'claim', hold_until = current_date,
    hold_reason = coalesce((select left(purpose, 200) from actions_auditrecord
        where verb = 'legal_hold' and petition_id = actions_petition.id order by id desc limit 1), '')
where legal_hold;
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0091_gone")]
    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
