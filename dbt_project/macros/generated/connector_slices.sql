{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'activities': ['salesforce'],
        'audience_counts': ['files'],
        'consents': ['files', 'hubspot', 'salesforce', 'shopify'],
        'employments': ['bamboohr', 'files'],
        'feedback_turns': ['files', 'hubspot', 'qualtrics', 'salesforce', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot', 'salesforce', 'stripe'],
        'orders': ['files', 'shopify', 'stripe'],
        'organisations': ['files', 'hubspot', 'salesforce', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'hubspot', 'qualtrics', 'salesforce', 'shopify', 'stripe', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot', 'salesforce'],
        'survey_answers': ['files', 'hubspot', 'qualtrics', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics'],
        'survey_questions': ['files', 'hubspot', 'qualtrics', 'zendesk'],
        'ticket_events': ['files', 'salesforce', 'zendesk'],
        'tickets': ['files', 'salesforce', 'zendesk'],
        'touchpoints': ['files', 'salesforce', 'zendesk'],
    }) }}
{% endmacro %}
