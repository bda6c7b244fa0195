{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'activities': ['salesforce'],
        'audience_counts': ['files', 'sql'],
        'consents': ['files', 'hubspot', 'salesforce', 'shopify', 'sql'],
        'employments': ['bamboohr', 'files', 'sql'],
        'feedback_turns': ['files', 'hubspot', 'intercom', 'qualtrics', 'salesforce', 'sql', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot', 'salesforce', 'sql', 'stripe'],
        'orders': ['files', 'shopify', 'sql', 'stripe'],
        'organisations': ['files', 'hubspot', 'salesforce', 'sql', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'hubspot', 'intercom', 'qualtrics', 'salesforce', 'shopify', 'sql', 'stripe', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot', 'salesforce'],
        'survey_answers': ['files', 'hubspot', 'intercom', 'qualtrics', 'sql', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics', 'sql'],
        'survey_questions': ['files', 'hubspot', 'intercom', 'qualtrics', 'sql', 'zendesk'],
        'ticket_events': ['files', 'intercom', 'salesforce', 'sql', 'zendesk'],
        'tickets': ['files', 'intercom', 'salesforce', 'sql', 'zendesk'],
        'touchpoints': ['files', 'intercom', 'salesforce', 'sql', 'zendesk'],
    }) }}
{% endmacro %}
