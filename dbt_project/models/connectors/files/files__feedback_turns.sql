-- Grain: something that was said,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('feedback_turns', ref('stg_files__feedback_turns'), key='turn_id') }}
