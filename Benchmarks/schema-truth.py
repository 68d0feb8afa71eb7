#!/usr/bin/env python3
"""Compares the tables that KAPIN lists with those that PostgreSQL has after a product's own SQL migrations.

    Benchmarks/schema-truth.py REPOSITORY MIGRATIONS [--kapin PROGRAM] [--show N]

MIGRATIONS is a folder of the repository; its .sql files are run in the order of their paths, in a cluster of its own, by
a role without rights beyond its database. What a migration fails at is counted and said. Names of tables, names of
columns, types and nullability are compared; tables that only the migration tool keeps are left out.
"""
import argparse, glob, os, re, shutil, subprocess, sys, tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("repository")
parser.add_argument("migrations")
parser.add_argument("--kapin", default=os.path.join(os.path.dirname(__file__), "../.build/release/kapin"))
parser.add_argument("--show", type=int, default=10)
options = parser.parse_args()

programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
folder = tempfile.mkdtemp(prefix="kapin-truth-", dir="/tmp")
become = []
if os.getuid() == 0:
    shutil.chown(folder, "postgres", "postgres")
    become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
subprocess.run(become + [programs + "/initdb", "-D", folder + "/data", "-A", "trust", "-U", "owner", "-E", "UTF8",
    "--locale=C.UTF-8", "--no-sync"], check=True, cwd=folder, **quiet)
subprocess.run(become + [programs + "/pg_ctl", "-D", folder + "/data", "-w", "-o",
    f"-k {folder} -c listen_addresses='' -c fsync=off", "start"], check=True, cwd=folder, **quiet)


def sql(role, text, stop=False):
    return subprocess.run(["psql", "-h", folder, "-U", role, "-d", "product", "-qAtX", "-F", "\t"]
        + (["-v", "ON_ERROR_STOP=1"] if stop else []), input=text, capture_output=True, text=True)


# The same type under its several names, as information_schema says it.
NAMES = {
    "int": "integer", "int4": "integer", "serial": "integer", "int8": "bigint", "bigserial": "bigint",
    "int2": "smallint", "smallserial": "smallint", "bool": "boolean", "float8": "double precision", "float4": "real",
    "float": "double precision", "timestamptz": "timestamp with time zone", "timestamp": "timestamp without time zone",
    "timetz": "time with time zone", "time": "time without time zone", "varchar": "character varying",
    "char": "character", "decimal": "numeric",
}


def plain(kind):
    kind = kind.replace('"', "").lower()
    array = kind.endswith("[]")
    kind = re.sub(r"\(.*?\)", "", kind.removesuffix("[]")).strip()
    kind = kind.split(".")[-1]
    return NAMES.get(kind, kind) + ("[]" if array else "")


try:
    subprocess.run(["createdb", "-h", folder, "-U", "owner", "product"], check=True)
    sql("owner", "CREATE ROLE runner LOGIN NOSUPERUSER; ALTER DATABASE product OWNER TO runner; "
        "ALTER SCHEMA public OWNER TO runner;")
    for extension in ["uuid-ossp", "pgcrypto", "citext", "pg_trgm", "hstore", "btree_gin", "unaccent"]:
        sql("owner", f'CREATE EXTENSION IF NOT EXISTS "{extension}";')
    files = sorted(glob.glob(os.path.join(options.repository, options.migrations, "**/*.sql"), recursive=True))
    files = [path for path in files if os.path.isfile(path)]
    failed = []
    for path in files:
        result = sql("runner", open(path, encoding="utf-8", errors="replace").read().replace("--> statement-breakpoint", ""))
        errors = [line for line in result.stderr.splitlines() if "ERROR" in line]
        failed += [(os.path.relpath(path, options.repository), line) for line in errors]
    rows = sql("owner", """
        SELECT c.table_schema, c.table_name, c.column_name,
          CASE WHEN c.data_type = 'ARRAY' THEN e.data_type || '[]'
            WHEN c.data_type = 'USER-DEFINED' THEN c.udt_name ELSE c.data_type END,
          c.is_nullable, coalesce(e.udt_name, '')
        FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        LEFT JOIN information_schema.element_types e ON (c.table_catalog, c.table_schema, c.table_name, 'TABLE',
          c.dtd_identifier) = (e.object_catalog, e.object_schema, e.object_name, e.object_type, e.collection_type_identifier)
        WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
        ORDER BY 1, 2, c.ordinal_position""").stdout.splitlines()
finally:
    subprocess.run(become + [programs + "/pg_ctl", "-D", folder + "/data", "-m", "immediate", "stop"], cwd=folder, **quiet)
    shutil.rmtree(folder, ignore_errors=True)

truth = {}
for row in rows:
    schema, table, column, kind, nullable, item = row.split("\t")
    if table in ("_prisma_migrations", "__drizzle_migrations"):
        continue
    if kind == "USER-DEFINED[]":
        kind = item.lstrip("_") + "[]"
    name = table if schema == "public" else schema + "." + table
    truth.setdefault(name, {})[column] = (plain(kind), nullable == "YES")
listed = {}
output = subprocess.run([options.kapin, "tables", options.repository, "--format", "tsv", "--quiet"],
    capture_output=True, text=True).stdout
for row in output.splitlines():
    cells = row.split("\t")
    listed.setdefault(cells[0], {})[cells[1]] = (plain(cells[2]), cells[3] == "null")

tables = set(truth) & set(listed)
columns = [(t, c) for t in sorted(tables) for c in sorted(set(truth[t]) & set(listed[t]))]
kinds = [(t, c) for t, c in columns if truth[t][c][0] != listed[t][c][0]]
nulls = [(t, c) for t, c in columns if truth[t][c][1] != listed[t][c][1]]
missing = sorted(set(truth) - set(listed))
extra = sorted(set(listed) - set(truth))
lost = [(t, c) for t in sorted(tables) for c in sorted(set(truth[t]) - set(listed[t]))]
more = [(t, c) for t in sorted(tables) for c in sorted(set(listed[t]) - set(truth[t]))]
name = os.path.basename(os.path.normpath(options.repository))
print(f"{name}: {len(files)} migrations, {len(failed)} statements failed; tables {len(tables)} of {len(truth)}"
    f" (+{len(extra)}); columns {len(columns)} of {sum(len(x) for x in truth.values())} (+{len(more)});"
    f" types differ {len(kinds)}, nullability {len(nulls)}")
for title, found in [("failed", failed), ("missing table", missing), ("table that PostgreSQL has not", extra),
    ("missing column", lost), ("column that PostgreSQL has not", more),
    ("type", [(t, c, truth[t][c][0], listed[t][c][0]) for t, c in kinds]),
    ("nullability", [(t, c, truth[t][c][1]) for t, c in nulls])]:
    for row in found[: options.show]:
        print(f"  {title}: {row if isinstance(row, str) else ' '.join(str(cell) for cell in row)}")
