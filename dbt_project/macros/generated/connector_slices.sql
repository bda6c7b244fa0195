{# Generated from models/connectors/<vendor>/<vendor>__<contract>.sql by `ax generate`; do not edit. #}
{% macro connector_slices() %}
    {{ return({
        'audience_counts': ['files'],
        'consents': ['files'],
        'employments': ['bamboohr', 'files'],
        'feedback_turns': ['files', 'qualtrics'],
        'membership_evidence': ['bamboohr', 'files'],
        'orders': ['files'],
        'organisations': ['files'],
        'person_observations': ['bamboohr', 'files', 'qualtrics'],
        'person_relations': ['bamboohr'],
        'survey_answers': ['files', 'qualtrics'],
        'survey_invitations': ['files', 'qualtrics'],
        'survey_questions': ['files', 'qualtrics'],
        'ticket_events': ['files'],
        'tickets': ['files'],
        'touchpoints': ['files'],
    }) }}
{% endmacro %}
