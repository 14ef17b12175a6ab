from django.urls import path, register_converter

from openmeso.terms.photo import PhotoSize
from openmeso.web.photo import views


class SizeConverter:
    regex = "|".join(PhotoSize)

    def to_python(self, value: str) -> PhotoSize:
        return PhotoSize(value)

    def to_url(self, value: PhotoSize | str) -> str:
        return str(value)


register_converter(SizeConverter, "photo_size")

urlpatterns = [
    path("patients/<uuid:pk>/photos/", views.gallery, name="photo_gallery"),
    path("patients/<uuid:pk>/photos/new/", views.add, name="photo_add"),
    path("patients/<uuid:pk>/photos/compare/", views.compare, name="photo_compare"),
    path("photos/<uuid:pk>/", views.page, name="photo_page"),
    path("photos/<uuid:pk>/remove/", views.remove, name="photo_remove"),
    path("photos/<uuid:pk>/<photo_size:size>/", views.picture, name="photo_picture"),
]
