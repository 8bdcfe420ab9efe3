using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Errors;

/// <summary>Every error leaves by one door: <c>application/problem+json</c> with code, Chinese detail and traceId.</summary>
internal static class ProblemResponses
{
    public static IServiceCollection AddProblemResponses(this IServiceCollection services)
    {
        services.AddExceptionHandler<ExceptionToProblem>();
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails(o => o.CustomizeProblemDetails = c => Complete(c.ProblemDetails, c.HttpContext));

        // Unreadable bodies arrive at the exception handler, which knows the field and answers 400 everywhere.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        return services;
    }

    public static Task WriteAsync(HttpContext http, Problem problem, string? detail = null, int? retryAfterSeconds = null)
    {
        http.Response.StatusCode = problem.Status;
        if ((retryAfterSeconds ?? problem.RetryAfterSeconds) is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(http, new ProblemDetails
        {
            Status = problem.Status,
            Detail = detail ?? problem.Detail,
            Extensions = { ["code"] = problem.Code },
        });
    }

    internal static async Task WriteAsync(HttpContext http, ProblemDetails problem) =>
        await http.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem });

    private static void Complete(ProblemDetails problem, HttpContext http)
    {
        if (problem is HttpValidationProblemDetails validation)
        {
            validation.Errors = validation.Errors.ToDictionary(e => JsonPath(e.Key), e => e.Value);
        }

        // The framework's validation leaves it out.
        problem.Status ??= http.Response.StatusCode;
        if (!problem.Extensions.ContainsKey("code"))
        {
            var common = CommonProblems.OfStatus(problem.Status.Value);
            problem.Extensions["code"] = common.Code;
            problem.Detail = common.Detail;
        }

        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        foreach (var addition in endpoint?.Metadata.GetOrderedMetadata<ProblemAddition>() ?? [])
        {
            problem.Extensions[addition.Name] = addition.Content(http.RequestServices);
        }

        problem.Type = null;
        problem.Title = null;
        problem.Instance = null;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
    }

    /// <summary><c>Work.EmployerName</c> → <c>work.employerName</c>.</summary>
    private static string JsonPath(string path) =>
        string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    private sealed class ExceptionToProblem(ILogger<ExceptionToProblem> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception error, CancellationToken cancellation)
        {
            switch (error)
            {
                case Refusal refusal:
                    await WriteAsync(http, refusal);
                    break;
                case BadHttpRequestException bad:
                    await WriteAsync(http, bad);
                    break;
                case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                    http.Response.StatusCode = 499;
                    break;
                case var outage when DatabaseErrors.IsOutage(outage):
                    // The message may quote a value; the type and the place are enough.
                    logger.LogWarning("Database away or busy: {Kind}", outage.GetType().Name);
                    await ProblemResponses.WriteAsync(http, CommonProblems.Unavailable);
                    break;
                default:
                    logger.LogError("Unexpected {Kind} at {Stack}", error.GetType().FullName, error.StackTrace);
                    await ProblemResponses.WriteAsync(http, CommonProblems.Faulty);
                    break;
            }

            return true;
        }

        private static Task WriteAsync(HttpContext http, Refusal refusal)
        {
            var problem = refusal.Problem;
            http.Response.StatusCode = problem.Status;
            if ((refusal.RetryAfterSeconds ?? problem.RetryAfterSeconds) is { } seconds)
            {
                http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            var details = new ProblemDetails { Status = problem.Status, Detail = refusal.Detail };
            details.Extensions["code"] = problem.Code;
            if (refusal.Errors is { } errors)
            {
                details.Extensions["errors"] = errors;
            }

            if (refusal.Present is { } present)
            {
                details.Extensions["present"] = present;
            }

            return ProblemResponses.WriteAsync(http, details);
        }

        private static Task WriteAsync(HttpContext http, BadHttpRequestException bad)
        {
            var problem = CommonProblems.OfStatus(bad.StatusCode);
            http.Response.StatusCode = problem.Status;
            var details = new ProblemDetails { Status = problem.Status, Detail = problem.Detail };
            details.Extensions["code"] = problem.Code;
            if (bad.InnerException is JsonException json)
            {
                details.Extensions["errors"] = JsonErrors.Explain(json);
            }

            return ProblemResponses.WriteAsync(http, details);
        }
    }
}
