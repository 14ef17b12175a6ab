from django.urls import path

from openmeso.web.knowledge import clinical, facts, formulary, views

urlpatterns = [
    path("knowledge/", views.index, name="knowledge_index"),
    path("knowledge/ingredients/", formulary.ingredients, name="knowledge_ingredients"),
    path("knowledge/ingredients/<str:pk>/", formulary.ingredient, name="knowledge_ingredient"),
    path("knowledge/products/", formulary.products, name="knowledge_products"),
    path("knowledge/techniques/", clinical.techniques, name="knowledge_techniques"),
    path("knowledge/techniques/<str:pk>/", clinical.technique, name="knowledge_technique"),
    path("knowledge/indications/", clinical.indications, name="knowledge_indications"),
    path("knowledge/indications/<str:pk>/", clinical.indication, name="knowledge_indication"),
    path("knowledge/scales/", clinical.scales, name="knowledge_scales"),
    path("knowledge/scales/<str:pk>/", clinical.scale, name="knowledge_scale"),
    path("knowledge/protocols/", clinical.protocols, name="knowledge_protocols"),
    path("knowledge/protocols/<str:pk>/", clinical.protocol, name="knowledge_protocol"),
    path("knowledge/checks/", views.checks, name="knowledge_checks"),
    path(
        "knowledge/contraindications/", views.contraindications, name="knowledge_contraindications"
    ),
    path("knowledge/consent/", views.consent, name="knowledge_consent"),
    path("knowledge/adverse-events/", views.adverse_events, name="knowledge_adverse_events"),
    path("knowledge/maps/", views.maps, name="knowledge_maps"),
    path("knowledge/facts/", facts.facts, name="knowledge_facts"),
    path("knowledge/facts/<str:pk>/", facts.fact, name="knowledge_fact"),
]
