"""Seconds ahead of UTC at some moments, as Python reads the zone database."""
import datetime
import json
import sys
import zoneinfo

question = json.load(sys.stdin)
zone = zoneinfo.ZoneInfo(question["zone"])
json.dump([
    int(datetime.datetime.fromtimestamp(moment, zone).utcoffset().total_seconds())
    for moment in question["moments"]], sys.stdout)
