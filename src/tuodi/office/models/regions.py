"""Regions (行政区划) and the county this installation serves."""

from django.db import models


class Region(models.Model):
    """A county, or a town or sub-district in it. ``code`` is the administrative code (6, 9 or 12 digits)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        ordering = ("code",)


class County(models.Model):
    """The one row of this installation: which county it serves, and by which policy documents it assesses.

    ``policies`` are ids of policy documents, in any order; the one in force on a settlement's day applies.
    ``synthetic`` marks made-up people: pages say so on top.
    """

    region = models.OneToOneField(Region, on_delete=models.PROTECT)
    policies = models.JSONField(default=list)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="county_only_one")]
