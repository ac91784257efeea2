/// When a model is to be trained without a commit of anybody: `schedule:` of a `model.yaml`.
package struct ScheduleDeclaration: Hashable, Codable, Sendable {
    /// What happens to moments that passed while no daemon ran.
    package enum CatchUp: String, Codable, Sendable, CaseIterable {
        /// The latest of them is made up for, once.
        case latest
        /// They are passed over.
        case skip
    }

    /// Five fields as in crontab(5): `0 3 * * 1`.
    package var cron: String
    /// A name of the zone database: `Europe/Berlin`.
    package var timeZone: String
    package var catchUp: CatchUp

    package init(cron: String, timeZone: String = "UTC", catchUp: CatchUp = .latest) {
        self.cron = cron
        self.timeZone = timeZone
        self.catchUp = catchUp
    }
}
