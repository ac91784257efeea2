/// What a broken limit means.
package enum CheckSeverity: String, Hashable, Codable, Sendable, CaseIterable {
    /// Reviewers are told.
    case warn
    /// Nothing is trained.
    case fail
}

/// One check that a manifest asks for by name, with what it says about it; nil: the check's own
/// default.
package struct DataCheck: Hashable, Codable, Sendable {
    /// The names and meanings are those of docs/checks.md.
    package enum Name: String, Hashable, Codable, Sendable, CaseIterable {
        // Of a column.
        case missingRatio = "missing_ratio"
        case mixedMissing = "mixed_missing"
        case nonFinite = "non_finite"
        case constant
        case almostConstant = "almost_constant"
        case outliersTukey = "outliers_tukey"
        case outliersRobustZ = "outliers_robust_z"
        case outliersZ = "outliers_z"
        case outliersRare = "outliers_rare"
        case mean
        case stdev
        case sum
        case min
        case max
        case quantile
        case distinctCount = "distinct_count"
        case privateData = "private_data"
        case mixedTypes = "mixed_types"
        case encodingDamage = "encoding_damage"
        // Of the label.
        case classBalance = "class_balance"
        case classMinCount = "class_min_count"
        case labelLeakage = "label_leakage"
        case conflictingLabels = "conflicting_labels"
        case labelNoise = "label_noise"
        case labelMissing = "label_missing"
        case missingPattern = "missing_pattern"
        // Of the rows.
        case duplicateRows = "duplicate_rows"
        case nearDuplicates = "near_duplicates"
        case rowSetDigest = "row_set_digest"
        case freshness
        // Against another dataset.
        case splitOverlap = "split_overlap"
        case keyOverlap = "key_overlap"
        case timeLeakage = "time_leakage"
        case splitRatio = "split_ratio"
        case splitMin = "split_min"
        case splitStratification = "split_stratification"
        // Against the version that is live.
        case rowCountChange = "row_count_change"
        case byteCountChange = "byte_count_change"
        case schemaChange = "schema_change"
        case psi
        case jsDistance = "js_distance"
        case lInfinity = "l_infinity"
        case ks
        case chiSquare = "chi_square"
        case cramersV = "cramers_v"
        case wasserstein
        case missingChange = "missing_change"
        case distinctChange = "distinct_change"
        case newCategory = "new_category"
        case labelDrift = "label_drift"
        case datasetDrift = "dataset_drift"
        // Against the requests that were served.
        case skew
    }

    /// On which scale distances are taken.
    package enum Scale: String, Hashable, Codable, Sendable, CaseIterable {
        case linear
        /// Of the natural logarithm; for skewed columns of positive numbers.
        case log
    }

    package var name: Name
    /// Empty: every column that it fits.
    package var columns: [String]
    package var severity: CheckSeverity?
    package var min: Double?
    /// Of an age in seconds.
    package var max: Double?
    /// Of what it counts, how many may be wrong at most.
    package var maxRows: Int?
    /// What must be found, where that is no number; nil: it is shown.
    package var expected: String?
    /// Over this effect a measure of drift warns.
    package var warn: Double?
    /// Over this effect a measure of drift fails.
    package var fail: Double?
    /// The number that the check's definition leaves open: `k` of Tukey's fences, the threshold of
    /// a score, the share of a quantile or of a rare value, the similarity of texts, the share from
    /// which on a mixture is meant, the margin of another class.
    package var parameter: Double?
    package var scale: Scale?
    /// What is looked for; empty: all that there is.
    package var kinds: [PrivateKind] = []
    /// The dataset that it is compared with: of a test set, the one trained on. nil in a check that
    /// can do without: itself.
    package var dataset: DatasetName?
    /// What a check of change compares with; nil: the version that is live.
    package var against: NamedBaseline?
    /// The measure of drift that `skew` takes; nil: the one that is usual for the column.
    package var measure: Name?
    /// Where it stands in the manifest.
    package var place: Place

    package init(_ name: Name, columns: [String] = [], place: Place = Place(file: "")) {
        self.name = name
        self.columns = columns
        self.place = place
    }

    /// How much of what it counts may be wrong.
    ///
    /// - Parameter standard: the share that may be, where the manifest says nothing; what is
    ///   written stands in its place.
    package func limits(_ standard: Double) -> CountLimits {
        guard max != nil || maxRows != nil else { return CountLimits(.wrongAtMost(standard)) }
        return CountLimits(max.map { .wrongAtMost($0) }, rows: maxRows)
    }
}
