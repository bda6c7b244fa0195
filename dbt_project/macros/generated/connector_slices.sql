{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'activities': ['files', 'salesforce', 'sql'],
        'audience_counts': ['files', 'sql', 'youtube'],
        'audit_visits': ['files', 'sql'],
        'consents': ['files', 'hubspot', 'intercom', 'mailchimp', 'qualtrics', 'salesforce', 'shopify', 'sql'],
        'employments': ['bamboohr', 'files', 'sql'],
        'feedback_labels': ['files', 'sql'],
        'feedback_turns': ['app_store', 'discourse', 'files', 'freshdesk', 'google_business', 'hubspot', 'intercom', 'jira', 'qualtrics', 'salesforce', 'sql', 'surveymonkey', 'typeform', 'youtube', 'zendesk'],
        'membership_evidence': ['bamboohr', 'discourse', 'files', 'hubspot', 'lever', 'salesforce', 'sql', 'stripe'],
        'orders': ['files', 'shopify', 'sql', 'stripe'],
        'organisations': ['files', 'freshdesk', 'hubspot', 'jira', 'salesforce', 'sql', 'zendesk'],
        'person_observations': ['bamboohr', 'discourse', 'files', 'freshdesk', 'greenhouse', 'hubspot', 'intercom', 'jira', 'lever', 'mailchimp', 'personio', 'qualtrics', 'salesforce', 'shopify', 'sql', 'stripe', 'surveymonkey', 'typeform', 'youtube', 'zendesk'],
        'person_relations': ['bamboohr'],
        'stage_events': ['hubspot', 'lever', 'salesforce'],
        'survey_answers': ['files', 'freshdesk', 'hubspot', 'intercom', 'jira', 'qualtrics', 'sql', 'surveymonkey', 'typeform', 'zendesk'],
        'survey_invitations': ['files', 'qualtrics', 'sql'],
        'survey_questions': ['files', 'freshdesk', 'hubspot', 'intercom', 'jira', 'qualtrics', 'sql', 'surveymonkey', 'typeform', 'zendesk'],
        'ticket_events': ['files', 'freshdesk', 'intercom', 'jira', 'salesforce', 'sql', 'zendesk'],
        'tickets': ['files', 'freshdesk', 'intercom', 'jira', 'salesforce', 'sql', 'zendesk'],
        'touchpoints': ['discourse', 'files', 'freshdesk', 'intercom', 'jira', 'mailchimp', 'salesforce', 'sql', 'youtube', 'zendesk'],
        'work_events': ['files', 'sql'],
    }) }}
{% endmacro %}
