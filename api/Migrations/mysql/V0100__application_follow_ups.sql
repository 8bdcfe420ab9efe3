-- Whom to ask three months after her contract is found among those who were not asked yet.
-- breaks older nodes: no
CREATE INDEX vacancy_applications_by_asking ON vacancy_applications (state, asked_at, follow_up_due_at);
