{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'activities': ['salesforce'],
        'audience_counts': ['files', 'sql'],
        'consents': ['files', 'hubspot', 'salesforce', 'shopify', 'sql'],
        'employments': ['bamboohr', 'files', 'sql'],
        'feedback_turns': ['files', 'freshdesk', 'hubspot', 'intercom', 'qualtrics', 'salesforce', 'sql', 'surveymonkey', 'typeform', 'zendesk'],
        'membership_evidence': ['bamboohr', 'files', 'hubspot', 'salesforce', 'sql', 'stripe'],
        'orders': ['files', 'shopify', 'sql', 'stripe'],
        'organisations': ['files', 'freshdesk', 'hubspot', 'salesforce', 'sql', 'zendesk'],
        'person_observations': ['bamboohr', 'files', 'freshdesk', 'hubspot', 'intercom', 'qualtrics', 'salesforce', 'shopify', 'sql', 'stripe', 'surveymonkey', 'typeform', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot', 'salesforce'],
        'survey_answers': ['files', 'freshdesk', 'hubspot', 'intercom', 'qualtrics', 'sql', 'surveymonkey', 'typeform', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics', 'sql'],
        'survey_questions': ['files', 'freshdesk', 'hubspot', 'intercom', 'qualtrics', 'sql', 'surveymonkey', 'typeform', 'zendesk'],
        'ticket_events': ['files', 'freshdesk', 'intercom', 'salesforce', 'sql', 'zendesk'],
        'tickets': ['files', 'freshdesk', 'intercom', 'salesforce', 'sql', 'zendesk'],
        'touchpoints': ['files', 'freshdesk', 'intercom', 'salesforce', 'sql', 'zendesk'],
    }) }}
{% endmacro %}
