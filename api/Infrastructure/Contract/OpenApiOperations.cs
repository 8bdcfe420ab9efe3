using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>
/// Says of an operation what stands in its line of the module's table: its name, its parameters, whether it needs a
/// session or an idempotency key, and every problem it may answer.
/// </summary>
internal static class OpenApiOperations
{
    public static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.OperationId = NameOf(metadata.OfType<MethodInfo>().First());
        DescribeParameters(operation, context.Description.ParameterDescriptions);
        var isPublic = metadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any();
        if (isPublic)
        {
            operation.Security = [];
        }

        var problems = new List<Problem>();
        var isKeptByKey = context.Description.HttpMethod == "POST" && !metadata.OfType<IdempotencyExemption>().Any();
        if (isKeptByKey || metadata.OfType<IdempotencyDemand>().Any())
        {
            problems.AddRange([CommonProblems.KeyMissing, CommonProblems.KeyReused]);
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "16–64 of letters, digits, - and _; the same for a repeat of the same deed.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 16, MaxLength = 64, Pattern = "^[A-Za-z0-9_-]+$" },
            });
        }

        if (operation.RequestBody is not null)
        {
            problems.AddRange([CommonProblems.TooLarge, CommonProblems.UnsupportedMediaType]);
        }

        AddProblems(operation, context, problems.Concat(RefusalsOf(metadata, isPublic, context.Description.RelativePath ?? "")));
    }

    /// <summary>SignIn.Handle is signIn, SignOut.HandleAll is signOutAll.</summary>
    private static string NameOf(MethodInfo handler) =>
        JsonNamingPolicy.CamelCase.ConvertName(handler.DeclaringType!.Name + handler.Name["Handle".Length..]);

    /// <summary>What the framework cannot see of a parameter: the page of a list, the form of an id, what must be given.</summary>
    private static void DescribeParameters(OpenApiOperation operation, IList<ApiParameterDescription> sources)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            var source = sources.First(s => s.Name == parameter.Name);
            if (source.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo: var info } && info.IsDefined(typeof(NeededAttribute)))
            {
                parameter.Required = true;
            }

            if (source.RouteInfo?.Constraints?.Any(c => c is IdConstraint) == true && parameter.Schema is OpenApiSchema id)
            {
                id.Pattern = IdAttribute.Form;
            }

            switch (parameter)
            {
                case { In: ParameterLocation.Query, Name: "take", Schema: OpenApiSchema take }:
                    parameter.Description = "How many rows at most.";
                    (take.Minimum, take.Maximum, take.Default) = ("1", Words(Page.Most), JsonValue.Create(Page.Usual));
                    break;
                case { In: ParameterLocation.Query, Name: "after" }:
                    parameter.Description = "next of the page before; left out for the first page.";
                    break;
            }
        }
    }

    private static string Words(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<Problem> RefusalsOf(IList<object> metadata, bool isPublic, string path)
    {
        IEnumerable<Problem> common = [CommonProblems.Malformed, CommonProblems.TooMany, CommonProblems.Unavailable];
        if (!isPublic)
        {
            common = common.Concat([CommonProblems.SignInNeeded, CommonProblems.NotAllowed]);
        }

        if (path.Contains('{', StringComparison.Ordinal))
        {
            common = common.Append(CommonProblems.NotFound);
        }

        return common.Concat(metadata.OfType<RefusalsMetadata>().SelectMany(r => r.Problems));
    }

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds to wait before the same request is sent again.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };

    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, IEnumerable<Problem> problems)
    {
        operation.Responses ??= [];
        foreach (var group in problems.GroupBy(p => p.Status).OrderBy(g => g.Key))
        {
            operation.Responses[Words(group.Key)] = new OpenApiResponse
            {
                Description = string.Join(" · ", group.Select(p => p.Code).Distinct()),
                Headers = group.Key is 429 or 503 ? RetryAfter() : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
                },
            };
        }
    }
}
