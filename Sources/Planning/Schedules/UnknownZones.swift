package import Domain

extension RepositoryPlan {
    /// Returns an error for each schedule whose time zone is not known, in the order of models.
    ///
    /// Planning knows no zone database: `isKnown` asks the one that is there, and `names` lists it
    /// for whoever has misspelt one.
    package func unknownZones(
        isKnown: (String) -> Bool, names: () -> [String]
    ) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (model, schedule) in schedules.sorted(by: { $0.key < $1.key }) {
            guard let place = zonePlaces[model], !isKnown(schedule.timeZone) else { continue }
            let meant = nearest(to: schedule.timeZone, among: names())
            found.append(
                Diagnostic(
                    at: place,
                    "there is no time zone `\(quoted(schedule.timeZone))`"
                        + (meant.map { "; did you mean `\($0)`?" } ?? ""),
                    hint: "as in the zone database: Europe/Berlin, America/New_York, UTC"))
        }
        return found
    }
}
