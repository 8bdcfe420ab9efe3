# The program in an image without SDK, run by a user without rights. Settings and secrets come in at run time; what it
# writes lies in /data. Build: docker build -t wechat-union .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY api/WeChatUnion.Api.csproj api/
RUN dotnet restore api -p:Configuration=Release -p:PublishReadyToRun=true --use-current-runtime
COPY api api
COPY seeds seeds
RUN dotnet publish api -c Release --no-restore --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o /out

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /out ./
RUN mkdir -m 700 /data && chown "$APP_UID" /data
ENV ASPNETCORE_HTTP_PORTS= ASPNETCORE_URLS=http://0.0.0.0:8080 Data__Directory=/data
USER $APP_UID
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["dotnet", "WeChatUnion.Api.dll"]
