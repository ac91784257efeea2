package import Domain

/// Where a planner reads commits; each function may throw, and then nothing is planned.
package struct PlanSource: Sendable {
    /// Every file of a commit, best in the order of paths.
    package typealias Listing = @Sendable (CommitID) async throws -> [TreeFile]
    /// What differs in the second commit from the first, each path once.
    package typealias Changes = @Sendable (CommitID, CommitID) async throws -> [ChangedFile]
    /// The bytes of a file.
    package typealias Read = @Sendable (TreeFile) async throws -> [UInt8]

    let listing: Listing
    let changes: Changes
    let read: Read

    package init(
        listing: @escaping Listing, changes: @escaping Changes, read: @escaping Read
    ) {
        self.listing = listing
        self.changes = changes
        self.read = read
    }
}

/// A tree, what it says, and everything that the plan of a similar tree can be made from.
struct PlannedTree: Sendable {
    var tree: Tree
    var plan: RepositoryPlan
    /// nil: the tree has no `slipway.yaml`.
    private var found: DeclarationFiles?
    private(set) var decoded = DecodedFiles()
    private(set) var declared: Declarations?

    init(tree: Tree, plan: RepositoryPlan) {
        self.tree = tree
        self.plan = plan
    }

    init(
        tree: Tree, plan: RepositoryPlan, found: DeclarationFiles, decoded: DecodedFiles,
        declared: Declarations
    ) {
        self.tree = tree
        self.plan = plan
        self.found = found
        self.decoded = decoded
        self.declared = declared
    }

    /// Plans the tree that these changes lead to, by looking at the models that they touch.
    ///
    /// nil: more than models changed, or there are other models, so the tree is planned whole.
    func following(
        _ changes: [ChangedFile], _ tree: Tree, read: PlanSource.Read
    ) async throws -> PlannedTree? {
        guard var found, var declared else { return nil }
        var next = self
        next.tree = tree
        var edited: [DeclarationFiles.Model] = []
        var touched: Set<ModelName> = []
        for change in changes {
            plan.index.collect(change.path, into: &touched)
            let before = self.tree.file(at: change.path)
            // Because a link is an error wherever it stands in the place of what is read.
            if before?.isLink == true || change.file?.isLink == true { return nil }
            let wasThere = before != nil
            if wasThere != (change.file != nil), declared.pinnedPaths.isTouched(by: change.path) {
                return nil
            }
            switch Part(change.path) {
            case .shared: return nil
            case .other: break
            case .model:
                guard let file = change.file, let model = found.replace(file) else { return nil }
                edited.append(model)
                next.decoded[file] = CachedDeclaration(try await read(file), file)
            }
            if let old = before, old != change.file {
                next.decoded.forget(old)
            }
        }
        // Because another manifest may be about the very bytes that a file has now.
        if !declared.classified.isEmpty,
            ClassifiedFiles(declared.datasets.whole, tree) != declared.classified
        {
            return nil
        }
        declared.models = found.models
        (next.found, next.declared) = (found, declared)
        for name in touched {
            guard let model = found.model(name) else { return nil }
            if let file = warmupFile(of: model, tree, next.decoded),
                next.decoded[warmup: file] == nil
            {
                next.decoded[warmup: file] = decodeWarmup(try await read(file), file: file.path)
            }
            next.plan.resolve(model, tree, declared, next.decoded)
        }
        next.plan.repeatMentions(of: edited, declared, next.decoded)
        return next
    }

    /// What a path can mean for a plan.
    private enum Part {
        /// What every model may depend on.
        case shared
        /// A model's declaration, or what is in its place and not read.
        case model
        /// A file that touches the models whose inputs it is among.
        case other

        init(_ path: String) {
            let parts = path.utf8.split(separator: UInt8(ascii: "/"))
            let folder = parts.first.map { String(decoding: $0, as: UTF8.self) }
            if path == repositoryFile || folder == "datasets" || folder == "environments"
                || isDVCFile(path) || DVCConfig.isPath(path)
            {
                self = .shared
            } else if folder == "models", parts.count == 3,
                path.hasSuffix("/model.yaml")
                    || path.hasSuffix("/model.yml")
            {
                self = .model
            } else {
                self = .other
            }
        }
    }
}

extension RepositoryPlan {
    /// Says anew which roles these models name that are not there.
    fileprivate mutating func repeatMentions(
        of models: [DeclarationFiles.Model], _ declared: Declarations, _ decoded: DecodedFiles
    ) {
        guard !models.isEmpty, let repository = declared.repository.draft else { return }
        let book = RoleBook(roles: repository.review.roles)
        let files = Set(models.map(\.file.path))
        diagnostics.removeAll { files.contains($0.place.file) }
        diagnostics += models.flatMap { danglingRoles($0, decoded, book) }
        diagnostics = diagnostics.inOrder()
    }
}
