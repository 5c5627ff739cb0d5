"""Write what Helm makes of the chart with the values given as JSON; in an environment that has helm-python-sdk."""

import json
import sys

from helm_python import Chart

chart = Chart.load(sys.argv[1])
sys.stdout.write(json.dumps(chart.render(json.loads(sys.argv[2]))))
