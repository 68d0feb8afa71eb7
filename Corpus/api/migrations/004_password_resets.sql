CREATE TABLE password_resets (
  token uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);

ALTER TABLE password_resets ADD CONSTRAINT password_resets_user_fk FOREIGN KEY (user_id) REFERENCES users (id);
