-- One durable row with a unique index: what the same server can write at best (pgbench -f).
insert into bench_row (digest, at) values (sha256(convert_to(gen_random_uuid()::text, 'UTF8')), clock_timestamp()) on conflict do nothing;
