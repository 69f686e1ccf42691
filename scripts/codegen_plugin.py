"""What we change in the code that ariadne-codegen writes for Shopify."""

import ast

from ariadne_codegen.plugins.base import Plugin
from graphql import GraphQLEnumType, OperationDefinitionNode


class ShopifyPlugin(Plugin):
    """Open enums; results parsed by the client, so that a strange reply is a typed error."""

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        class_def.bases = [ast.Name(id="OpenEnum", ctx=ast.Load())]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        module.body[0] = ast.ImportFrom(
            module="clients.shopify.open_enum", names=[ast.alias(name="OpenEnum")], level=0
        )
        return module

    def generate_client_method(
        self,
        method_def: ast.FunctionDef | ast.AsyncFunctionDef,
        operation_definition: OperationDefinitionNode,
    ) -> ast.FunctionDef | ast.AsyncFunctionDef:
        last = method_def.body[-1]
        match last:
            case ast.Return(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=result), attr="model_validate"),
                    args=[data],
                )
            ):
                last.value = ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id="self", ctx=ast.Load()), attr="parse", ctx=ast.Load()
                    ),
                    args=[ast.Name(id=result, ctx=ast.Load()), data, ast.Name(id="response")],
                    keywords=[],
                )
            case _:
                raise ValueError(f"{method_def.name}: ariadne-codegen's method has a new shape")
        return method_def
