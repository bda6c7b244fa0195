{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'audience_counts': ['files'],
        'consents': ['files', 'hubspot'],
        'employments': ['bamboohr', 'files'],
        'feedback_turns': ['files', 'freshdesk', 'hubspot', 'qualtrics', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot'],
        'orders': ['files'],
        'organisations': ['files', 'freshdesk', 'hubspot', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'freshdesk', 'hubspot', 'qualtrics', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot'],
        'survey_answers': ['files', 'freshdesk', 'hubspot', 'qualtrics', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics'],
        'survey_questions': ['files', 'freshdesk', 'hubspot', 'qualtrics', 'zendesk'],
        'ticket_events': ['files', 'freshdesk', 'zendesk'],
        'tickets': ['files', 'freshdesk', 'zendesk'],
        'touchpoints': ['files', 'freshdesk', 'zendesk'],
    }) }}
{% endmacro %}
