{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'audience_counts': ['files', 'sql'],
        'consents': ['files', 'hubspot', 'sql'],
        'employments': ['bamboohr', 'files', 'sql'],
        'feedback_turns': ['files', 'hubspot', 'qualtrics', 'sql', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot', 'sql'],
        'orders': ['files', 'sql'],
        'organisations': ['files', 'hubspot', 'sql', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'hubspot', 'qualtrics', 'sql', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot'],
        'survey_answers': ['files', 'hubspot', 'qualtrics', 'sql', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics', 'sql'],
        'survey_questions': ['files', 'hubspot', 'qualtrics', 'sql', 'zendesk'],
        'ticket_events': ['files', 'sql', 'zendesk'],
        'tickets': ['files', 'sql', 'zendesk'],
        'touchpoints': ['files', 'sql', 'zendesk'],
    }) }}
{% endmacro %}
