"""What is wrong with the centre itself, as those who watch it write it down."""

from django.db import models


class CentreHealth(models.Model):
    """One thing that is so now: a fault, or (`engines`) who is at work. `haedap run` writes it, screens read it."""

    key = models.CharField(primary_key=True, max_length=40)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "centre_health"

    def __str__(self) -> str:
        return self.key
