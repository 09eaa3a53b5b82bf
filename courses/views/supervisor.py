from django.http import HttpResponse


def people(request, **kw):
    return HttpResponse()


def course(request, **kw):
    return HttpResponse()


def person(request, **kw):
    return HttpResponse()


def scenario(request, **kw):
    return HttpResponse()
