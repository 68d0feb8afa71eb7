CREATE TYPE vehicle_state AS ENUM ('parked', 'on_the_road', 'in_repair');

CREATE TABLE vehicles (
  id bigserial PRIMARY KEY,
  owner bigint NOT NULL REFERENCES users (id),
  plate varchar(12) NOT NULL,
  state vehicle_state NOT NULL DEFAULT 'parked',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX vehicles_owner_idx ON vehicles (owner);
