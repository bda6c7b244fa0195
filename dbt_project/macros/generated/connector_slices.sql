{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'audience_counts': ['files'],
        'consents': ['files', 'hubspot', 'shopify'],
        'employments': ['bamboohr', 'files'],
        'feedback_turns': ['files', 'hubspot', 'qualtrics', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot', 'stripe'],
        'orders': ['files', 'shopify', 'stripe'],
        'organisations': ['files', 'hubspot', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'hubspot', 'qualtrics', 'shopify', 'stripe', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot'],
        'survey_answers': ['files', 'hubspot', 'qualtrics', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics'],
        'survey_questions': ['files', 'hubspot', 'qualtrics', 'zendesk'],
        'ticket_events': ['files', 'zendesk'],
        'tickets': ['files', 'zendesk'],
        'touchpoints': ['files', 'zendesk'],
    }) }}
{% endmacro %}
