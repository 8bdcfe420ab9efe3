-- When the officers were told that a complaint is due today, and that it is overdue.
-- breaks older nodes: no
ALTER TABLE vacancy_complaints ADD COLUMN told_due_at BIGINT NULL;

ALTER TABLE vacancy_complaints ADD COLUMN told_overdue_at BIGINT NULL;
