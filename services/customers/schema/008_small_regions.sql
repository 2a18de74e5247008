-- Small regions are graded with their parent, where the policy says so (domain/grade_small.h).
alter table grade_run drop constraint grade_run_phase_check;
alter table grade_run add constraint grade_run_phase_check
    check (phase between 1 and 5);            -- figures, grading, report; between the first two small regions, their customers

alter table grade_run_region
    add column graded_with text,              -- the region of the tree that it is graded with; null: by itself
    add column is_whole boolean not null default false; -- its figures are of all below it too, as small ones are graded with it
alter table grade_result
    add column home text;                     -- the region where he belongs, of who is compared with a whole; null: `region`
