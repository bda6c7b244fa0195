{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'audience_counts': ['files'],
        'consents': ['files', 'hubspot'],
        'employments': ['bamboohr', 'files'],
        'feedback_turns': ['files', 'hubspot', 'intercom', 'qualtrics', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot'],
        'orders': ['files'],
        'organisations': ['files', 'hubspot', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'hubspot', 'intercom', 'qualtrics', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot'],
        'survey_answers': ['files', 'hubspot', 'intercom', 'qualtrics', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics'],
        'survey_questions': ['files', 'hubspot', 'intercom', 'qualtrics', 'zendesk'],
        'ticket_events': ['files', 'intercom', 'zendesk'],
        'tickets': ['files', 'intercom', 'zendesk'],
        'touchpoints': ['files', 'intercom', 'zendesk'],
    }) }}
{% endmacro %}
