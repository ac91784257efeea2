extension ModelRecord {
    /// Since when without a break the candidate is assigned, by environment.
    package func soakedSince(_ candidate: Fingerprint) -> [EnvironmentName: Instant] {
        guard let version = release(of: candidate)?.version else { return [:] }
        var since: [EnvironmentName: Instant] = [:]
        for (environment, current) in current where current.version == version {
            let taken = unassignments.last { $0.environment == environment }?.number ?? 0
            for assignment in assignments.reversed() where assignment.environment == environment {
                guard assignment.version == version, assignment.number > taken else { break }
                since[environment] = assignedAt[assignment.number]
            }
        }
        return since
    }
}
