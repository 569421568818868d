-- What CISA's assessors say of a vulnerability (SSVC): 0 where nobody has said anything.
ALTER TABLE advisory ADD COLUMN exploitation INTEGER NOT NULL DEFAULT 0; -- 1 none, 2 poc, 3 active
ALTER TABLE advisory ADD COLUMN automatable INTEGER NOT NULL DEFAULT 0;  -- 1 no, 2 yes
ALTER TABLE advisory ADD COLUMN impact INTEGER NOT NULL DEFAULT 0;       -- 1 partial, 2 total
ALTER TABLE advisory ADD COLUMN ssvc_at INTEGER NOT NULL DEFAULT 0;      -- when they said it
-- the catalogue of exploited vulnerabilities asks for forensic triage: 1 no, 2 yes
ALTER TABLE advisory ADD COLUMN triage INTEGER NOT NULL DEFAULT 0;
