import KapinBase
import KapinModel

extension ValueFollowing {
  /// The annotated type of a parameter or of a member of a class, with the module that it is written in.
  func declaredType(of id: EntityID) -> (type: String, module: ModuleID)? {
    switch entity(router(id)) {
    case .parameter(let function, let index):
      return parameterType(Int(index), of: function).map { ($0, function.module) }
    case .member(let object, let name):
      let owner: SymbolRef
      switch entity(object) {
      case .instance(let type), .declaration(let type): owner = type
      case .value(let made):
        guard let callee = callee(of: made), case .declaration(let type) = entity(callee) else { return nil }
        owner = type
      default: return nil
      }
      return memberType(graph.names[name], of: owner)
    default: return nil
    }
  }
}
