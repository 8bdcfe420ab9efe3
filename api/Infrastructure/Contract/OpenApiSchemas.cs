using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>
/// Says of a schema what the framework cannot see: our text converter hides that a text is a string; a request demands
/// only what is <see cref="NeededAttribute"/> and refuses unknown members; an answer has all its members and may grow.
/// </summary>
internal static class OpenApiSchemas
{
    private const string RequestName = "Request";

    public static async Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(string))
        {
            schema.Type = IsNullable(context) ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (Nullable.GetUnderlyingType(type) is { IsEnum: true } words)
        {
            await DescribeAsPlainAsync(schema, words, context, cancellation);
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            DescribeObject(schema, context.JsonTypeInfo);
        }
        else if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && element == typeof(string))
        {
            // In a list of texts the converter hides the texts as well.
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        }
    }

    /// <summary>
    /// Where a null may stand instead of a record, the sentence about the member belongs to the member; and what a
    /// request demands is never null, although the reader takes a null so that the person is told in Chinese.
    /// </summary>
    public static void Finish(OpenApiDocument document)
    {
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            var members = schema.Properties ?? new Dictionary<string, IOpenApiSchema>();
            foreach (var (member, content) in members.ToList())
            {
                LiftDescription(content);
                if (name.EndsWith(RequestName, StringComparison.Ordinal) && schema.Required?.Contains(member) == true)
                {
                    members[member] = WithoutNull(content);
                }
            }
        }
    }

    private static void LiftDescription(IOpenApiSchema content)
    {
        if (content is OpenApiSchema { OneOf: { Count: > 0 } choices, Description: null } member
            && choices.OfType<OpenApiSchemaReference>().FirstOrDefault() is { Reference.Description: { } sentence } choice)
        {
            member.Description = sentence;
            choice.Reference.Description = null;
        }
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema content)
    {
        if (content is OpenApiSchema { OneOf: { Count: > 0 } choices })
        {
            return choices.First(c => c.Type != JsonSchemaType.Null);
        }

        if (content is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type & ~JsonSchemaType.Null;
        }

        return content;
    }

    /// <summary>The first mention of an enum becomes its one schema: a nullable mention must not make null one of the words.</summary>
    private static async Task DescribeAsPlainAsync(
        OpenApiSchema schema, Type words, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var plain = await context.GetOrCreateSchemaAsync(words, null, cancellation);
        schema.Type = plain.Type;
        schema.Enum = plain.Enum;
        schema.Description = plain.Description;
    }

    /// <summary>Whether the values of a map may be null is not to be seen here; an export's are.</summary>
    private static bool IsNullable(OpenApiSchemaTransformerContext context) => context.JsonPropertyInfo is { } property
        ? property.IsGetNullable && !IsNeeded(property)
        : context.ParameterDescription is null;

    private static bool IsNeeded(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(NeededAttribute), inherit: false) == true;

    private static void DescribeObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (type.Type.Name == RequestName)
        {
            schema.Required = type.Properties.Where(IsNeeded).Select(p => p.Name).ToHashSet();
            schema.AdditionalPropertiesAllowed = false;
        }
        else
        {
            schema.AdditionalPropertiesAllowed = true;
            schema.AdditionalProperties = null;
            if (type.Properties.Any(IsNeeded))
            {
                // A part of requests, such as a form that is written and read back.
                schema.Required = type.Properties.Where(IsNeeded).Select(p => p.Name).ToHashSet();
            }
        }
    }
}
