package import Domain

extension ProfileError {
    /// One line of fact.
    package var message: String {
        switch self {
        case .notAProfile: "not a dataset profile"
        case .version(let version):
            "a dataset profile of version \(version); this slipway reads version "
                + "\(DatasetProfile.currentVersion)"
        case .damagedColumn(let name): "the profile of column `\(name)` contradicts itself"
        case .damagedSample: "the profile's sample of rows is damaged"
        case .otherColumns: "the two profiles have other columns or another label"
        }
    }

    /// For people: what failed, and what to do.
    package var failure: Failure {
        Failure(message, hint: "promote the dataset again, so that its profile is written anew")
    }
}
