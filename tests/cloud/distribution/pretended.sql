-- A stand-in for Citus on plain PostgreSQL: its functions by their names, and of its refusals those
-- that a cluster was seen to make (docs/scale.md). It moves no row.
CREATE SCHEMA pretended;
DO $$ BEGIN
    EXECUTE 'ALTER DATABASE ' || current_database() || ' SET search_path TO public, pretended';
END $$;
SET LOCAL search_path TO pretended, public;
CREATE TABLE pg_dist_node (
    nodeid serial, groupid int NOT NULL, nodename text NOT NULL, nodeport int NOT NULL
);
CREATE SEQUENCE pretended_groups;
CREATE TABLE citus_tables (
    table_name text PRIMARY KEY, citus_table_type text, distribution_column text, colocation_id int
);

CREATE FUNCTION citus_set_coordinator_host(host text, port int) RETURNS void LANGUAGE sql AS $$
    DELETE FROM pg_dist_node WHERE groupid = 0;
    INSERT INTO pg_dist_node (groupid, nodename, nodeport) VALUES (0, host, port)
$$;

CREATE FUNCTION citus_add_node(host text, port int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO pg_dist_node (groupid, nodename, nodeport)
    SELECT coalesce(max(groupid), 0) + 1, host, port FROM pg_dist_node
$$;

CREATE FUNCTION create_distributed_table(
    wanted text, distributed_by text, colocate_with text DEFAULT 'default'
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place int;
BEGIN
    IF EXISTS (SELECT FROM citus_tables WHERE table_name = wanted) THEN
        RAISE EXCEPTION USING MESSAGE = wanted || ' is distributed already';
    END IF;
    IF EXISTS (
        SELECT FROM pg_constraint WHERE contype = 'f'
        AND (
            conrelid = wanted::regclass
            AND confrelid::regclass::text NOT IN (SELECT table_name FROM citus_tables)
            OR confrelid = wanted::regclass
            AND conrelid::regclass::text NOT IN (SELECT table_name FROM citus_tables)
        )
    ) THEN
        RAISE EXCEPTION USING MESSAGE = wanted || ' is bound to a table that is not distributed';
    END IF;
    IF colocate_with = 'default' THEN
        place := nextval('pretended_groups');
    ELSE
        SELECT colocation_id INTO STRICT place FROM citus_tables WHERE table_name = colocate_with;
    END IF;
    INSERT INTO citus_tables VALUES (wanted, 'distributed', distributed_by, place);
END $$;

CREATE FUNCTION pretended_references() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_constraint WHERE contype = 'f'
        AND conrelid::regclass::text IN (SELECT table_name FROM citus_tables)
        AND confrelid::regclass::text NOT IN (SELECT table_name FROM citus_tables)
    ) THEN
        RAISE EXCEPTION 'a distributed table refers to one that is not';
    END IF;
END $$;
CREATE EVENT TRIGGER pretended_references ON ddl_command_end
    WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION pretended_references();
