/// How the rows of a dataset are made: out of which others, by which steps in which order.
package struct DataPreparation: Hashable, Codable, Sendable {
    /// What the steps begin with.
    package indirect enum Source: Hashable, Codable, Sendable {
        /// Another dataset, before the commit's datasets have been put together.
        case named(DatasetName)
        /// Another dataset, or the files that the manifest itself names.
        case manifest(DatasetManifest)
    }

    /// Raised when the same steps come to make other bytes.
    package static let version = 1

    package var source: Source
    /// At least one.
    package var steps: [PreparationStep]
    /// Where the source is named; of own files, where the steps stand.
    package var place: Place

    package init(source: Source, steps: [PreparationStep], place: Place) {
        self.source = source
        self.steps = steps
        self.place = place
    }

    /// What the steps begin with, once the commit's datasets have been put together.
    package var sourceManifest: DatasetManifest? {
        if case .manifest(let manifest) = source { manifest } else { nil }
    }
}

/// One step that cleans, samples or splits rows.
package struct PreparationStep: Hashable, Codable, Sendable {
    package enum Action: Hashable, Codable, Sendable {
        case convert(CellConversion)
        case fillMissing(MissingFill)
        case dropMissing(MissingDrop)
        case dropDuplicates(DuplicateDrop)
        case mergeDuplicates(DuplicateMerge)
        case clipOutliers(OutlierBounds)
        case dropOutliers(OutlierBounds)
        case normaliseText(TextNormalisation)
        case sample(RowSampling)
        case split(RowSplit)
        case resizeImages(PictureResizing)
        case convertImages(PictureConversion)
    }

    package var action: Action
    /// Where the step stands in the manifest.
    package var place: Place

    package init(_ action: Action, place: Place) {
        self.action = action
        self.place = place
    }

    /// As in the manifest.
    package var name: String {
        switch action {
        case .convert: "convert"
        case .fillMissing: "fill_missing"
        case .dropMissing: "drop_missing"
        case .dropDuplicates: "drop_duplicates"
        case .mergeDuplicates: "merge_duplicates"
        case .clipOutliers: "clip_outliers"
        case .dropOutliers: "drop_outliers"
        case .normaliseText: "normalise_text"
        case .sample: "sample"
        case .split: "split"
        case .resizeImages: "resize_images"
        case .convertImages: "convert_images"
        }
    }

    /// Whether it is about pictures, and not about rows.
    package var isOfPictures: Bool {
        switch action {
        case .resizeImages, .convertImages: true
        default: false
        }
    }

    /// The columns that the source must have.
    package var columns: [String] {
        switch action {
        case .convert(let it): it.columns
        case .fillMissing(let it): it.columns
        case .dropMissing(let it): it.columns
        case .dropDuplicates(let it): it.columns
        case .mergeDuplicates(let it): it.columns + it.rules.map(\.column)
        case .clipOutliers(let it), .dropOutliers(let it): it.columns
        case .normaliseText(let it): it.columns
        case .sample(let it): it.key + it.strata + [it.weight].compactMap(\.self)
        case .split(let it): it.columns
        case .resizeImages, .convertImages: []
        }
    }
}

extension DatasetManifest {
    /// The dataset with everything that it is prepared from, what others need first.
    package var preparedChain: [DatasetManifest] {
        guard let preparation else { return [] }
        return (preparation.sourceManifest?.preparedChain ?? []) + [self]
    }

    /// The manifest whose files are there without any preparation: itself, or what the chain of
    /// its preparations begins with.
    package var rawManifest: DatasetManifest { preparation?.sourceManifest?.rawManifest ?? self }

    /// The manifest as far as it tells files: of one that prepares its own, what it begins with.
    package var ofOwnFiles: DatasetManifest {
        guard let source = preparation?.sourceManifest, source.name == name else { return self }
        return source
    }

    /// The files that somebody has to bring: of a prepared dataset, those that it begins with.
    package var rawFiles: [DatasetFile] { rawManifest.files }

    /// The files that the manifest itself names; none where it begins with another dataset.
    package var namedFiles: [DatasetFile] {
        guard let source = preparation?.sourceManifest else { return files }
        return source.name == name ? source.files : []
    }

    /// The columns with a classification, those of what it is prepared from too, because no step
    /// takes a column away.
    package var classifiedColumns: [ColumnDeclaration] {
        let own = columns.filter { $0.classification != nil }
        let names = Set(own.map(\.name))
        let source = preparation?.sourceManifest?.classifiedColumns ?? []
        return own + source.filter { !names.contains($0.name) }
    }

    /// The manifests that shape its rows besides its own.
    package var sourcePaths: [String] {
        guard let source = preparation?.sourceManifest else { return [] }
        return (source.path == path ? [] : [source.path]) + source.sourcePaths
    }

    /// Where no file of a dataset may lie that is not prepared.
    package static let preparedFolder = ".slipway/prepared/"

    /// Where the rows of a prepared dataset are laid out, relative to where prepared data lies;
    /// pictures in a folder.
    ///
    /// - Parameter part: which file it is of several of one dataset; nil: the dataset's own.
    package static func preparedPath(
        of name: DatasetName, _ format: Format, part: String? = nil
    ) -> String {
        let file = part.map { "\(name).\($0)" } ?? name.text
        switch format {
        case .images: return "\(preparedFolder)\(file)/**"
        case .jsonl: return "\(preparedFolder)\(file).jsonl"
        case .csv, .parquet, .arrow, .text: return "\(preparedFolder)\(file).csv"
        }
    }
}

extension DatasetFile {
    /// Which part of a prepared dataset it is, by `DatasetManifest.preparedPath`; nil: all of it.
    package func part(of name: DatasetName) -> String? {
        let start = "\(DatasetManifest.preparedFolder)\(name)."
        guard path.hasPrefix(start), let end = path.lastIndex(of: "."),
            let first = path.index(
                path.startIndex, offsetBy: start.count, limitedBy: path.endIndex), first < end
        else { return nil }
        return String(path[first..<end])
    }
}
