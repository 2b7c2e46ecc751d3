from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("payouts", "0008_flags_so_far")]

    operations = [
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_as', ''), ('resolved_at__isnull', True)), models.Q(('resolved_at__isnull', False), models.Q(('closed_as', ''), _negated=True)), _connector='OR'), name='closed_flag_says_as_what'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'asked'), _negated=True), ('answer_due_at__isnull', False), _connector='OR'), name='question_has_a_day_for_its_answer'),
        ),
    ]
